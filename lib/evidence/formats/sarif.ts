import { createHash } from 'node:crypto';
import type { BenchmarkEvidence } from '../benchmark-evidence';
import { type ControlEvidence, type EvidenceRow, isUnproven, rowKey } from '../evidence';
import { answerText, standingText } from './demands';
import { portableJson, type Report, seenText, waiverText } from './report';

/** GitHub's reading of `security-severity`: critical from 9.0, high from 7.0, medium from 4.0. */
const scores: Readonly<Record<ControlEvidence['severity'], string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};
const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;

/**
 * SARIF 2.1.0: a rule per control, a result per row. What is waived is a suppressed result, so that it stays visible
 * to whoever looks for it. A benchmark is a taxonomy, to whose demands the rules point.
 */
export function sarif({ evidence, benchmark, version }: Report): string {
  const { controls, rows } = evidence;
  const indexes = new Map(controls.map(({ id }, index) => [id, index]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bulwark',
            semanticVersion: version,
            rules: controls.map((control) => rule(control, benchmark)),
          },
        },
        ...(benchmark && { taxonomies: [taxonomy(benchmark)] }),
        automationDetails: { id: `bulwark/${evidence.cluster}/` },
        invocations: [{ executionSuccessful: true, endTimeUtc: evidence.at }],
        columnKind: 'utf16CodeUnits',
        results: rows.map((row) => {
          const control = controls[indexes.get(row.control) ?? -1];
          return result(row, control, indexes.get(row.control) ?? -1);
        }),
      },
    ],
  };
  return portableJson(log);
}

function taxonomy({ name, title, demands }: BenchmarkEvidence) {
  return {
    name,
    shortDescription: { text: title },
    taxa: demands.map((demand) => ({
      id: demand.id,
      shortDescription: { text: demand.title },
      properties: { standing: standingText(demand), answeredBy: answerText(demand) },
    })),
  };
}

function rule({ id, title, severity, sources, stops }: ControlEvidence, benchmark: BenchmarkEvidence | undefined) {
  const served = benchmark?.demands.filter(({ controls }) => controls.some((control) => control.id === id)) ?? [];
  return {
    id,
    shortDescription: { text: title },
    help: { text: `bulwark explain ${id}` },
    defaultConfiguration: { level: levels[severity] },
    ...(served.length > 0 && {
      relationships: served.map((demand) => ({
        target: { id: demand.id, toolComponent: { name: benchmark?.name } },
        kinds: ['relevant'],
      })),
    }),
    properties: { tags: ['security', ...sources, ...stops], 'security-severity': scores[severity] },
  };
}

/** SARIF knows levels for failures only. */
function kindOf(row: EvidenceRow): 'pass' | 'notApplicable' | 'open' | 'fail' {
  if (isUnproven(row)) return 'fail';
  const seen = row.seen ?? row.verdict;
  if (seen === 'pass') return 'pass';
  if (seen === 'not-applicable') return 'notApplicable';
  return seen === 'not-observed' ? 'open' : 'fail';
}

function result(row: EvidenceRow, control: ControlEvidence | undefined, ruleIndex: number) {
  const kind = kindOf(row);
  return {
    ruleId: row.control,
    ruleIndex,
    kind,
    level: kind === 'fail' ? levels[control?.severity ?? 'high'] : 'none',
    message: { text: `${row.where}: expected ${row.expected}; ${seenText(row)}` },
    ...(row.location && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: row.location.file.split('/').map(encodeURIComponent).join('/') },
            region: { startLine: row.location.line },
          },
          logicalLocations: [{ name: row.where, kind: 'resource' }],
        },
      ],
    }),
    partialFingerprints: { 'bulwark/v1': createHash('sha256').update(rowKey(row)).digest('hex') },
    ...(row.verdict === 'waived' && {
      suppressions: (row.waivers ?? []).map((waiver) => ({
        kind: 'external',
        status: 'accepted',
        justification: waiverText(waiver),
      })),
    }),
    properties: { verdict: row.verdict, strength: row.strength, ...(row.proof && { proofSha256: row.proof.sha256 }) },
  };
}
