/**
 * `npm run bench`: how long things take on this computer, against what the same computer takes without us. Prints
 * tables, or with `--json` one object. Needs what `npm start` needs; `npm run bench -- --synthesis` needs nothing.
 */
import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { bulwark } from '../test/e2e/support/bulwark';
import { must } from '../test/e2e/support/shell';
import { initTimes, lab, oneTrivialTask, secondRun, secondRunApplied, threeNodes } from './measure';
import { median } from './median';
import { type Layout, synthesisTimes } from './synthesis';
import type { Part } from './timeline';
import { hasEngine, updateTimes } from './updates';

interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly aim: string;
  readonly met: boolean;
}

const total = (parts: readonly Part[]) => parts.reduce((sum, part) => sum + part.seconds, 0);
const seconds = (value: number) => `${value.toFixed(1)} s`;

const json = process.argv.includes('--json');
const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const load = loadavg()[0] ?? 0;
  if (load > 1) say(`Other work runs on this computer (load ${load.toFixed(1)}): the figures are upper bounds.`);
  const synthesis = benchSynthesis();
  if (!json) printFigures(synthesis);
  const cluster = process.argv.includes('--synthesis') ? undefined : await benchCluster();
  if (json) {
    process.stdout.write(`${JSON.stringify({ load, synthesis, ...cluster }, null, 2)}\n`);
    return;
  }
  if (!cluster) return;
  printFigures(cluster.figures);
  for (const [what, parts] of Object.entries(cluster.breakdown)) {
    print(
      [`where the time of ${what} goes`, 'seconds'],
      parts.map((part) => [part.title.slice(0, 70), part.seconds.toFixed(1)]),
    );
  }
}

/** Charts of 100 workloads show what cdk8s itself takes to validate a whole app for each of its charts. */
const layouts: readonly (Layout & { readonly rounds: number })[] = [
  { workloads: 1000, charts: 1, rounds: 5 },
  { workloads: 1000, charts: 10, rounds: 5 },
  { workloads: 10_000, charts: 1, rounds: 3 },
  { workloads: 10_000, charts: 100, rounds: 1 },
];

function benchSynthesis(): readonly Figure[] {
  return layouts.flatMap(({ rounds, ...layout }) => {
    const { workloads, charts } = layout;
    say(`Synthesis of ${workloads} workloads in ${charts === 1 ? 'one chart' : `${charts} charts`} …`);
    const { hardened, byHand, copied } = synthesisTimes(layout, rounds);
    const what = `${workloads} workloads, ${charts === 1 ? '1 chart' : `${charts} charts`}`;
    const ratio = hardened / byHand;
    return [
      { what: `${what}: hardened`, measured: seconds(hardened), aim: '', met: true },
      { what: `${what}: by hand in cdk8s-plus`, measured: seconds(byHand), aim: '', met: true },
      { what: `${what}: finished manifests`, measured: seconds(copied), aim: '', met: true },
      { what: `${what}: hardened / by hand`, measured: ratio.toFixed(2), aim: '≤ 1.3', met: ratio <= 1.3 },
    ];
  });
}

async function benchCluster() {
  await must(['npm', 'run', '--silent', 'build'], { timeout: 300 });
  const prepared = await bulwark(['artifacts', 'build', '--yes', '--json'], { timeout: 3600 });
  if (prepared.code !== 0) throw new Error(prepared.stderr);
  try {
    // The first lab also makes the machines' image, once.
    await bulwark(['lab', 'up', '--name', lab, '--workers', '0', '--machines-only', '--yes', '--json']);
    await bulwark(['lab', 'down', '--name', lab]);
    say('Three nodes from warm artifacts …');
    const first = await threeNodes();
    say('The second run, three times …');
    const again = [await secondRun(), await secondRun(), await secondRun()];
    const applied = await secondRunApplied();
    const floor = median([await oneTrivialTask(), await oneTrivialTask(), await oneTrivialTask()]);
    const updates = await benchUpdates();
    say('kubeadm init, stock and hardened by turns, three times …');
    const init = await initTimes(3);

    const second = median(again.map((run) => run.seconds));
    const applying = total(applied.parts.filter(({ title }) => title.startsWith('Cluster')));
    const ratio = median(init.hardened) / median(init.stock);
    const figures: Figure[] = [
      { what: 'kubeadm init, stock', measured: seconds(median(init.stock)), aim: '', met: true },
      { what: 'kubeadm init, hardened', measured: seconds(median(init.hardened)), aim: '', met: true },
      { what: 'hardened / stock', measured: ratio.toFixed(2), aim: '≤ 1.3', met: ratio <= 1.3 },
      {
        what: 'three nodes, evidence included',
        measured: seconds(first.seconds),
        aim: '≤ 75 s',
        met: first.seconds <= 75,
      },
      { what: 'second run, evidence included', measured: seconds(second), aim: '≤ 10 s', met: second <= 10 },
      { what: 'the same with --no-preview', measured: seconds(applied.seconds), aim: '', met: true },
      { what: 'of these applying, without evidence', measured: seconds(applying), aim: '', met: true },
      { what: 'one trivial Ansible task', measured: seconds(floor), aim: '', met: true },
      { what: 'second run / trivial task', measured: (second / floor).toFixed(1), aim: '', met: true },
      ...updates,
    ];
    const breakdown = {
      'three nodes': first.parts,
      'second run': again[1]?.parts ?? [],
      'the same with --no-preview': applied.parts,
    };
    return { figures, breakdown, init };
  } finally {
    await bulwark(['lab', 'down', '--name', lab]);
  }
}

async function benchUpdates(): Promise<readonly Figure[]> {
  if (!hasEngine()) {
    say("NOT RUN: Pulumi's engine is not on PATH");
    return [];
  }
  say('Updates by Pulumi with nothing changed, five times …');
  const times = await updateTimes(5);
  const [empty, cluster] = [median(times.empty), median(times.cluster)];
  const ratio = cluster / empty;
  return [
    { what: 'pulumi up without resources', measured: seconds(empty), aim: '', met: true },
    { what: 'pulumi up with nothing changed', measured: seconds(cluster), aim: '', met: true },
    { what: 'nothing changed / without resources', measured: ratio.toFixed(2), aim: '≤ 1.5', met: ratio <= 1.5 },
  ];
}

function printFigures(figures: readonly Figure[]): void {
  print(
    ['what', 'measured', 'aim', ''],
    figures.map(({ what, measured, aim, met }) => [what, measured, aim, met ? '' : 'missed']),
  );
}

function print(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  process.stdout.write(`${table.toString()}\n`);
}

void main().catch((error) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
