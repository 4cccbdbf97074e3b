import { ApiObject } from 'cdk8s';
import type { Workload } from 'cdk8s-plus-27';
import { formatFinding } from '../../lib/lint/finding';
import { judgeManifest } from '../../lib/lint/judge-manifest';
import { addValidation, manifestsOf } from '../lint/once-per-synthesis';
import { today } from '../lint/today';
import { PodHardening } from './pod-hardening';
import type { PodHardeningProps } from './pod-hardening-props';

/**
 * Makes a workload of cdk8s-plus a hardened one: completed when rendered, and refused at synthesis if anything, be it a
 * prop or a patch, makes it weaker without a waiver.
 */
export function hardenWorkload(workload: Workload, props: PodHardeningProps): void {
  const object = ApiObject.of(workload);
  object.with(new PodHardening(props));
  addValidation(workload, {
    validate: () =>
      manifestsOf(object)
        .flatMap((manifest) => judgeManifest(manifest, today()).findings)
        .map(formatFinding),
  });
}
