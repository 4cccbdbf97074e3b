import type { EvidenceRow } from '../../../lib/evidence';
import type { Machine } from '../../attacks/attack';
import type { Mutation, Place } from '../../mutations/mutation';
import { runningLab } from './cluster';
import type { LabTarget } from './lab-target';
import { eventually, quoted } from './shell';

/** Seconds within which a cluster that somebody worked on answers again. */
const calmWithin = 180;

/** Names under which evidence knows a place. */
function namesOf(place: Place, target: LabTarget, workers: readonly string[]): readonly string[] {
  switch (place) {
    case 'control-plane':
      return [target.controlPlane.name];
    case 'worker':
      return [target.victim.name];
    case 'workers':
      return workers;
    case 'cluster':
      return ['cluster'];
  }
}

const unique = (lines: readonly string[]): readonly string[] => [...new Set(lines)].sort();

/** What evidence must name after a batch, and nothing else: `control on place`. */
export async function expected(batch: readonly Mutation[], target: LabTarget, lab: string): Promise<readonly string[]> {
  const { nodes } = await runningLab(lab);
  const workers = nodes.filter(({ role }) => role === 'worker').map(({ name }) => name);
  return unique(
    batch.flatMap(({ on, also = [], ...own }) =>
      [own, ...also].flatMap(({ control, seenOn = [on] }) =>
        seenOn.flatMap((place) => namesOf(place, target, workers)).map((where) => `${control} on ${where}`),
      ),
    ),
  );
}

/** The same of what evidence says. */
export const named = (rows: readonly Pick<EvidenceRow, 'control' | 'where'>[]): readonly string[] =>
  unique(rows.map(({ control, where }) => `${control} on ${where}`));

/** The scripts of some mutations at once over one connection: an SSH server drops many that come together. */
function sideBySide(batch: readonly Mutation[]): string {
  const scripts = batch.flatMap(({ what, script }) => (script ? [{ what, script }] : []));
  return [
    ...scripts.map(({ script }, index) => `(\n${script}\n) & p${index}=$!`),
    ...scripts.map(({ what }, index) => `wait $p${index} || { echo ${quoted(`failed: ${what}`)} >&2; failed=1; }`),
    'exit ${failed:-0}',
  ].join('\n');
}

/** Makes all mutations of a batch, and waits until the cluster answers again. */
export async function mutate(batch: readonly Mutation[], target: LabTarget): Promise<void> {
  const machines: readonly (readonly [Place, Machine])[] = [
    ['control-plane', target.controlPlane],
    ['worker', target.victim],
  ];
  await Promise.all(
    machines.map(async ([place, machine]) => {
      const { code, stderr } = await target.onNode(machine, sideBySide(batch.filter(({ on }) => on === place)));
      if (code !== 0) throw new Error(`on ${machine.name}, ended with ${code}: ${stderr}`);
    }),
  );
  await calm(target);
  for (const { what, kubectl = [] } of batch) {
    for (const { args, stdin } of kubectl) {
      let said = '';
      await eventually(`${what}: kubectl ${args[0]}`, 60, async () => {
        const { code, stderr } = await target.kubectl(args, { stdin });
        said = stderr;
        return code === 0;
      }).catch((error: Error) => {
        throw new Error(`${error.message}: ${said}`);
      });
    }
  }
}

/** Asks every component of a control plane how it is. */
const healthy = `python3 -c '
import ssl, urllib.request
context = ssl._create_unverified_context()
for url in ("https://127.0.0.1:6443/readyz", "https://127.0.0.1:10257/healthz", "https://127.0.0.1:10259/healthz",
            "http://127.0.0.1:2381/health", "http://127.0.0.1:10248/healthz"):
    urllib.request.urlopen(url, timeout=3, context=context)
'`;

/** Waits until every component has answered for some seconds, and every node and every pod of the network is ready. */
async function calm(target: LabTarget): Promise<void> {
  let quietSince = Date.now();
  await eventually('a calm cluster', calmWithin, async () => {
    const ready = await Promise.all([
      target.onNode(target.controlPlane, healthy),
      target.kubectl(['wait', 'nodes', '--all', '--for=condition=Ready', '--timeout=1s']),
      target.kubectl(['rollout', 'status', 'daemonset/cilium', '--namespace=kube-system', '--timeout=1s']),
    ]);
    if (ready.some(({ code }) => code !== 0)) quietSince = Date.now();
    return Date.now() - quietSince > 8000;
  });
}
