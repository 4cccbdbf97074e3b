/**
 * `npm run bench`: how long things take on this computer, against what the same computer takes without us. Prints a
 * table, or with `--json` one object. Needs what `npm start` needs.
 */
import { loadavg } from 'node:os';
import Table from 'cli-table3';
import { bulwark } from '../test/e2e/support/bulwark';
import { must } from '../test/e2e/support/shell';
import { initTimes, lab, median, oneTrivialTask, secondRun, threeNodes } from './measure';
import type { Part } from './timeline';

interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly aim: string;
  readonly met: boolean;
}

const total = (parts: readonly Part[]) => parts.reduce((sum, part) => sum + part.seconds, 0);
const seconds = (value: number) => `${value.toFixed(1)} s`;

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const say = (text: string) => process.stderr.write(`${text}\n`);
  await must(['npm', 'run', '--silent', 'build'], { timeout: 300 });
  const prepared = await bulwark(['artifacts', 'build', '--yes', '--json'], { timeout: 3600 });
  if (prepared.code !== 0) throw new Error(prepared.stderr);
  const load = loadavg()[0] ?? 0;
  if (load > 1) say(`Other work runs on this computer (load ${load.toFixed(1)}): the figures are upper bounds.`);
  try {
    // The first lab also makes the machines' image, once.
    await bulwark(['lab', 'up', '--name', lab, '--workers', '0', '--machines-only', '--yes', '--json']);
    await bulwark(['lab', 'down', '--name', lab]);
    say('Three nodes from warm artifacts …');
    const first = await threeNodes();
    say('The second run, three times …');
    const again = [await secondRun(), await secondRun(), await secondRun()];
    const floor = median([await oneTrivialTask(), await oneTrivialTask(), await oneTrivialTask()]);
    say('kubeadm init, stock and hardened by turns, three times …');
    const init = await initTimes(3);

    const second = median(again.map((run) => run.seconds));
    const applying = median(again.map(({ parts }) => total(parts.filter(({ title }) => title.startsWith('Cluster')))));
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
      { what: 'of these applying, without evidence', measured: seconds(applying), aim: '', met: true },
      { what: 'one trivial Ansible task', measured: seconds(floor), aim: '', met: true },
      { what: 'second run / trivial task', measured: (second / floor).toFixed(1), aim: '', met: true },
    ];
    const breakdown = { 'three nodes': first.parts, 'second run': again[1]?.parts ?? [] };
    if (json) {
      process.stdout.write(`${JSON.stringify({ load, figures, breakdown, init }, null, 2)}\n`);
      return;
    }
    print(
      ['what', 'measured', 'aim', ''],
      figures.map(({ what, measured, aim, met }) => [what, measured, aim, met ? '' : 'missed']),
    );
    for (const [what, parts] of Object.entries(breakdown)) {
      print(
        [`where the time of ${what} goes`, 'seconds'],
        parts.map((part) => [part.title.slice(0, 70), part.seconds.toFixed(1)]),
      );
    }
  } finally {
    await bulwark(['lab', 'down', '--name', lab]);
  }
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
