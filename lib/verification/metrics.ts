import type { CertificateFact, NodeObservations } from '../checks/probe';
import { type Evidence, type EvidenceRow, verdicts } from '../evidence/evidence';
import type { Resolution } from '../resolve';
import { scopeText } from '../spec/waiver-scope';
import { intervalSeconds } from './schedule';

/** Values of the label `verdict`; `out-of-sight` is what the scheduled verification never looks at. */
const labels = [...verdicts, 'out-of-sight'] as const;

type Labels = Readonly<Record<string, string>>;

/** A gauge with its samples. */
interface Family {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [Labels, number])[];
}

/** What the metrics are made of. */
export interface Judged {
  readonly evidence: Evidence;
  readonly resolution: Resolution;
  /** What the control plane itself saw. */
  readonly seen: NodeObservations;
  /** Whether a row is one that this control plane never looks at. */
  readonly isHidden: (row: EvidenceRow) => boolean;
}

/** The evidence of one control plane in the text format of Prometheus; ends with a newline. */
export function verificationMetrics(judged: Judged): string {
  return families(judged)
    .map(({ name, help, samples }) => {
      const lines = samples.map(([of, value]) => `${name}${labelText(of)} ${value}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
    })
    .join('');
}

function families({ evidence, resolution, seen, isHidden }: Judged): readonly Family[] {
  const { spec } = resolution.cluster;
  const severity = new Map(evidence.controls.map(({ id, severity: of }) => [id, of]));
  return [
    {
      name: 'bulwark_verification_info',
      help: 'What was verified; the value is 1.',
      samples: [
        [
          {
            cluster: spec.name,
            kubernetes_version: evidence.kubernetesVersion,
            node: seen.node,
            profile: evidence.profile,
          },
          1,
        ],
      ],
    },
    {
      name: 'bulwark_evidence_timestamp_seconds',
      help: 'When the control plane was observed.',
      samples: [[{}, seconds(seen.at)]],
    },
    {
      name: 'bulwark_verification_interval_seconds',
      help: 'Longest time between two runs of the timer.',
      samples: spec.verification ? [[{}, intervalSeconds[spec.verification.schedule]]] : [],
    },
    {
      name: 'bulwark_check_verdicts',
      help: 'Checks by place and verdict. Each check counts once: out-of-sight is never looked at from here, not-observed should have been seen.',
      samples: verdictCounts(evidence.rows, isHidden),
    },
    {
      name: 'bulwark_control_failing',
      help: 'Controls that do not hold, by place; the value is 1.',
      samples: distinct(
        evidence.rows
          .filter(({ verdict }) => verdict === 'fail')
          .map(({ control, where }) => ({ control, node: where, control_severity: severity.get(control) ?? '' })),
      ).map((of) => [of, 1]),
    },
    {
      name: 'bulwark_certificate_expiry_timestamp_seconds',
      help: 'When a certificate ends.',
      samples: [...certificates(seen)].map(([certificate, end]) => [{ certificate, node: seen.node }, end]),
    },
    {
      name: 'bulwark_waiver_expiry_timestamp_seconds',
      help: 'When a waiver ends: the end of its last day, UTC.',
      samples: waivers(resolution),
    },
  ];
}

/** Every verdict of every place, zeros too, so that an alert ends when its cause does. */
function verdictCounts(rows: readonly EvidenceRow[], isHidden: Judged['isHidden']): Family['samples'] {
  const places = [...new Set(rows.map(({ where }) => where))];
  return places.flatMap((node) =>
    labels.map((verdict) => {
      const meant = rows.filter((row) => {
        const label = row.verdict === 'not-observed' && isHidden(row) ? 'out-of-sight' : row.verdict;
        return row.where === node && label === verdict;
      });
      return [{ node, verdict }, meant.length] as const;
    }),
  );
}

/** The end of every certificate that was seen, by path. What has another shape is judged by its check, not here. */
function certificates({ observations }: NodeObservations): ReadonlyMap<string, number> {
  const facts = Object.entries(observations)
    .filter(([key]) => key.startsWith('certificate '))
    .flatMap(([, observation]) => ('fact' in observation ? [observation.fact].flat() : [])) as CertificateFact[];
  const ends = facts.flatMap((fact) => (fact?.path ? [[fact.path, seconds(fact.notAfter)] as const] : []));
  return new Map(ends.filter(([, end]) => Number.isFinite(end)));
}

function waivers({ cluster: { spec } }: Resolution): Family['samples'] {
  const all = [
    ...spec.waivers.map((waiver) => ({ ...waiver, scope: scopeText(waiver) })),
    ...spec.namespaces.map(({ name, waiver }) => ({
      control: 'admission/namespace-levels',
      expires: waiver?.expires,
      scope: `namespace ${name}`,
    })),
  ];
  const ends = all.flatMap(({ control, expires, scope }) =>
    expires === undefined ? [] : [{ of: { control, scope }, end: seconds(expires) + 24 * 3600 }],
  );
  // Of two waivers for the same place the one that ends first stands.
  ends.sort((a, b) => b.end - a.end);
  return [...new Map(ends.map(({ of, end }) => [labelText(of), [of, end] as const])).values()];
}

const seconds = (date: string): number => Math.floor(Date.parse(date) / 1000);

const labelText = (of: Labels): string => {
  const pairs = Object.entries(of).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function distinct<T extends Labels>(of: readonly T[]): readonly T[] {
  return [...new Map(of.map((one) => [labelText(one), one])).values()];
}
