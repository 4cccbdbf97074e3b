import { type Finding, nameOf } from './finding';
import { allRules } from './judge-manifest';

/** A finding with its place, as far as it is known. */
export interface PlacedFinding extends Finding {
  readonly file?: string;
  /** 1-based line in the file. */
  readonly line?: number;
  /** Path in the construct tree. */
  readonly construct?: string;
}

/** The findings as a SARIF 2.1.0 log, which code hosts show at the lines of a change. */
export function toSarif(findings: readonly PlacedFinding[]): object {
  const used = [...new Set(findings.map(({ control }) => control))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bulwark',
            rules: used.map((id) => ({
              id,
              shortDescription: { text: allRules.find(({ control }) => control === id)?.fix ?? id },
            })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.control,
          level: finding.severity,
          message: { text: `${nameOf(finding.object)}: ${finding.path}: ${finding.message}. Fix: ${finding.fix}` },
          locations: [
            {
              ...(finding.file && {
                physicalLocation: {
                  artifactLocation: { uri: finding.file },
                  region: { startLine: finding.line ?? 1 },
                },
              }),
              logicalLocations: [{ fullyQualifiedName: finding.construct ?? nameOf(finding.object), kind: 'object' }],
            },
          ],
        })),
      },
    ],
  };
}
