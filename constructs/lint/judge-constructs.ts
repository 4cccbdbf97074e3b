import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { formatFinding } from '../../lib/lint/finding';
import { judgeManifests } from '../../lib/lint/judge-manifest';
import type { PlacedFinding } from '../../lib/lint/sarif';
import { acceptedEscalations, type EnforcementOptions } from './enforcement-options';
import { addValidation, manifestsOf } from './once-per-synthesis';
import { today } from './today';

/** What is wrong with the objects below a construct, with the path of the construct that makes each. */
export function judgeConstructs(root: IConstruct, options: EnforcementOptions = {}): PlacedFinding[] {
  const made = root.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .flatMap((construct) => manifestsOf(construct).map((object) => ({ object, construct: construct.node.path })));
  const verdicts = judgeManifests(
    made.map(({ object }) => object),
    today(),
    acceptedEscalations(options),
  );
  return made.flatMap(({ construct }, index) =>
    (verdicts[index]?.findings ?? []).map((finding) => ({ ...finding, construct })),
  );
}

/**
 * Stops the synthesis of an app, or of what is below any construct, while an object in it would weaken the cluster:
 * raw ApiObjects, included YAML and Helm charts too; or while together they give a pod or a subject a way to rights that
 * it was not meant to have. Holds wherever the app is synthesized, the cdk8s CLI or not.
 * Warnings stop nothing; `judgeConstructs` returns them.
 */
export function enforceHardening(root: IConstruct, options: EnforcementOptions = {}): void {
  addValidation(root, {
    validate: () =>
      judgeConstructs(root, options)
        .filter(({ severity }) => severity === 'error')
        .map((finding) => `${finding.construct}: ${formatFinding(finding)}`),
  });
}
