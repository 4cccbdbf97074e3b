import { type Finding, nameOf } from '../../lib/lint/finding';
import { judgeManifests } from '../../lib/lint/judge-manifest';
import { objectsOf } from '../../lib/lint/manifest';
import { acceptedEscalations, type EnforcementOptions } from './enforcement-options';
import { today } from './today';

/** What the cdk8s CLI hands to a validation plugin, as far as this one needs it. */
export interface ManifestValidationContext {
  /** Paths of the files that were synthesized. */
  readonly manifests: readonly string[];
  readonly report: ManifestValidationReport;
  parseManifest(path: string): unknown[];
}

export interface ManifestValidationReport {
  addViolation(violation: ManifestViolation): void;
  submit(status: 'success' | 'failure'): void;
}

export interface ManifestViolation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    readonly resourceName: string;
    readonly locations: readonly string[];
    readonly manifestPath: string;
  }[];
}

/**
 * Validation plugin of the cdk8s CLI, which adds the construct paths. Named in `cdk8s.yaml`:
 *
 * ```yaml
 * validations:
 *   - package: ./node_modules/bulwark/build/constructs
 *     version: 0.1.0
 *     class: HardeningValidation
 *     properties: {escalationBaseline: escalations.json}   # or without
 * ```
 */
export class HardeningValidation {
  constructor(private readonly options: EnforcementOptions = {}) {}

  async validate(context: ManifestValidationContext): Promise<void> {
    const made = context.manifests.flatMap((manifestPath) =>
      context
        .parseManifest(manifestPath)
        .flatMap(objectsOf)
        .map((object) => ({ object, manifestPath })),
    );
    const verdicts = judgeManifests(
      made.map(({ object }) => object),
      today(),
      acceptedEscalations(this.options),
    );
    const findings = made.flatMap(({ manifestPath }, index) =>
      (verdicts[index]?.findings ?? []).map((finding) => ({ finding, manifestPath })),
    );
    for (const { finding, manifestPath } of findings) context.report.addViolation(violationOf(finding, manifestPath));
    context.report.submit(findings.some(({ finding }) => finding.severity === 'error') ? 'failure' : 'success');
  }
}

function violationOf(
  { control, severity, message, path, fix, object }: Finding,
  manifestPath: string,
): ManifestViolation {
  return {
    ruleName: control,
    recommendation: `${severity}: ${nameOf(object)}: ${message}`,
    fix,
    // The CLI finds the construct by this name.
    violatingResources: [{ resourceName: object.name, locations: [path], manifestPath }],
  };
}
