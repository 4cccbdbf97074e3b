import { createHash } from 'node:crypto';
import type { DemandEvidence } from '../benchmark-evidence';
import { type ControlEvidence, type Evidence, type EvidenceRow, rowKey } from '../evidence';
import { answerText, standingText } from './demands';
import { portableJson, type Report, seenText, waiverText } from './report';

/** Version of the model that is written. */
const oscalVersion = '1.1.2';
const namespace = 'https://bulwark.dev/ns/oscal';

/**
 * OSCAL assessment results: an observation per row, a finding per control, and one per demand of a benchmark. Nothing
 * that was not seen is satisfied.
 */
export function oscal({ evidence, benchmark, version }: Report): string {
  const { controls, rows, cluster, at } = evidence;
  const id = uuids(evidence);
  const demands = benchmark?.demands ?? [];
  const demandToken = (demand: DemandEvidence) => token(`${benchmark?.name}/${demand.id}`);
  const document = {
    'assessment-results': {
      uuid: id('document'),
      metadata: {
        title: `Hardening of the Kubernetes cluster ${cluster}`,
        'last-modified': at,
        version: at,
        'oscal-version': oscalVersion,
        props: [{ name: 'bulwark-version', ns: namespace, value: version }],
      },
      // Bulwark's controls are the plan; they are part of this document.
      'import-ap': { href: '#' },
      results: [
        {
          uuid: id('result'),
          title: `Verification of ${cluster}`,
          description: `Kubernetes ${evidence.kubernetesVersion}, profile ${evidence.profile}`,
          start: at,
          end: at,
          'reviewed-controls': {
            'control-selections': [
              {
                'include-controls': [...controls.map((control) => token(control.id)), ...demands.map(demandToken)].map(
                  (each) => ({ 'control-id': each }),
                ),
              },
            ],
          },
          observations: rows.map((row) => observation(row, id, at)),
          findings: [
            ...controls.map((control) => finding(control, rows, id)),
            ...demands.map((demand) => demandFinding(demand, demandToken(demand), rows, id)),
          ],
        },
      ],
    },
  };
  return portableJson(document);
}

/** Ids that follow from the run and the name, in the form of UUID version 5. */
function uuids({ cluster, at }: Evidence): (name: string) => string {
  return (name) => {
    const hex = createHash('sha256')
      .update(JSON.stringify([cluster, at, name]))
      .digest('hex');
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
}

/** OSCAL's tokens have neither slashes nor blanks. */
const token = (name: string): string => name.replace(/[^\p{L}\p{N}_.-]/gu, '.');

const property = (name: string, value: string) => ({ name, ns: namespace, value });

function observation(row: EvidenceRow, id: (name: string) => string, at: string) {
  return {
    uuid: id(rowKey(row)),
    title: `${row.control} on ${row.where}`,
    description: `Expected: ${row.expected}. ${seenText(row)}`,
    methods: ['TEST'],
    collected: row.at ?? at,
    props: [
      property('verdict', row.verdict),
      property('where', row.where),
      property('strength', row.strength),
      ...(row.proof ? [property('proof-sha256', row.proof.sha256)] : []),
    ],
  };
}

function finding(control: ControlEvidence, rows: readonly EvidenceRow[], id: (name: string) => string) {
  const own = rows.filter((row) => row.control === control.id);
  const holds = own.every(({ verdict, seen }) => ['pass', 'not-applicable'].includes(seen ?? verdict));
  const waived = control.waivers.map(waiverText);
  return {
    uuid: id(control.id),
    title: control.title,
    description: `Verdict: ${control.verdict}. Sources: ${control.sources.join(', ')}.`,
    ...(waived.length > 0 && { remarks: waived.join('. ') }),
    target: {
      type: 'objective-id',
      'target-id': token(control.id),
      status: {
        state: holds ? 'satisfied' : 'not-satisfied',
        reason: holds ? 'pass' : control.verdict === 'fail' ? 'fail' : 'other',
      },
    },
    'related-observations': own.map((row) => ({ 'observation-uuid': id(rowKey(row)) })),
  };
}

function demandFinding(
  demand: DemandEvidence,
  targetId: string,
  rows: readonly EvidenceRow[],
  id: (name: string) => string,
) {
  const { controls, title, verdict } = demand;
  const own = rows.filter((row) => controls.some((control) => control.id === row.control));
  const holds = verdict === 'pass';
  return {
    uuid: id(targetId),
    title,
    description: `${standingText(demand)}. ${answerText(demand)}`,
    target: {
      type: 'objective-id',
      'target-id': targetId,
      status: {
        state: holds ? 'satisfied' : 'not-satisfied',
        reason: holds ? 'pass' : verdict === 'fail' ? 'fail' : 'other',
      },
    },
    ...(own.length > 0 && { 'related-observations': own.map((row) => ({ 'observation-uuid': id(rowKey(row)) })) }),
  };
}
