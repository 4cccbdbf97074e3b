import type { EscalationBaseline } from '../lib/escalation';
import type { Finding } from '../lib/lint/finding';
import { judgeManifests } from '../lib/lint/judge-manifest';
import type { PlacedFinding } from '../lib/lint/sarif';
import { readManifests } from './read-manifests';

/** What was found in some files. */
export interface LintResult {
  readonly objects: number;
  readonly findings: readonly PlacedFinding[];
  readonly waived: readonly PlacedFinding[];
}

/**
 * Judges every Kubernetes object in YAML files, each by itself and all together.
 *
 * @param files paths; `-` is standard input
 * @param today the day that waivers are held against, as YYYY-MM-DD
 * @param accepted ways to more rights that are known. @default none
 * @throws HardeningError of kind `usage` where a file cannot be read, of kind `spec` where one is no YAML
 */
export function lintFiles(files: readonly string[], today: string, accepted?: EscalationBaseline): LintResult {
  const manifests = readManifests(files);
  const verdicts = judgeManifests(
    manifests.map(({ object }) => object),
    today,
    accepted,
  );
  const placed = (of: 'findings' | 'waived'): PlacedFinding[] =>
    manifests.flatMap(({ file, lineOf }, index) =>
      (verdicts[index]?.[of] ?? []).map((finding: Finding) => ({ ...finding, file, line: lineOf(finding.path) })),
    );
  return { objects: manifests.length, findings: placed('findings'), waived: placed('waived') };
}
