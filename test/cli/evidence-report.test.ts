import type { Console } from '../../cli/console';
import { printEvidence } from '../../cli/evidence-report';
import { catalogue } from '../../lib/controls/registry';
import { judgeCluster } from '../../lib/evidence';
import { resolve } from '../../lib/resolve';
import { parseSpec } from '../../lib/spec/parse';
import { specInput } from '../support/spec';

const waiver = {
  control: 'node/time-sync',
  reason: 'the clock belongs to somebody else',
  owner: 'platform team',
  platform: true,
};
const options = { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) };
const resolution = resolve(parseSpec(specInput({ waivers: [waiver] }), options).spec, catalogue);
const probe = 'unit properties=["ActiveState","UnitFileState"] unit=systemd-timesyncd.service';

/** Lines that the report prints for these states of the time service by node; nothing else is observed. */
function report(states: Readonly<Record<string, string>>, all = false): string[] {
  const observations = Object.entries(states).map(([node, ActiveState]) => ({
    node,
    role: node.startsWith('cp') ? ('control-plane' as const) : ('worker' as const),
    at: '2026-01-01T00:00:00Z',
    observations: { [probe]: { fact: { ActiveState, UnitFileState: 'enabled' } } },
  }));
  const evidence = judgeCluster(resolution, observations, { now: new Date('2026-01-01') });
  const lines: string[] = [];
  const out: Console = {
    json: false,
    result: (line) => lines.push(...line.split('\n')),
    note: (line) => lines.push(line),
    object: () => undefined,
    colour: (_, text) => text,
  };
  printEvidence(evidence, out, all);
  return lines;
}

test('a waiver hides nothing: the row tells what was observed, nodes with the same outcome together', () => {
  const lines = report({ 'cp-1': 'active', 'worker-1': 'inactive', 'worker-2': 'inactive' });
  const at = lines.findIndex((line) => line.startsWith('waived  node/time-sync'));
  expect(lines.slice(at + 1, at + 4)).toEqual([
    '  waived by platform team: the clock belongs to somebody else (as long as the platform forces it)',
    '  worker-1, worker-2: systemd-timesyncd.service is active and enabled: observed: fail, inactive, enabled',
    '',
  ]);
});

test('passes are printed only when asked for', () => {
  const active = { 'cp-1': 'active', 'worker-1': 'active', 'worker-2': 'active' };
  const line =
    '  cp-1, worker-1, worker-2: systemd-timesyncd.service is active and enabled: observed: pass, active, enabled';
  expect(report(active)).not.toContain(line);
  expect(report(active, true)).toContain(line);
});

test('what nobody saw counts as not observed, never as a pass', () => {
  const total = report({}).find((line) => line.startsWith('│ total'));
  const [, , controls, pass, fail, waived, inapplicable, unseen] = total?.split('│').map((cell) => Number(cell)) ?? [];
  expect([pass, fail, waived]).toEqual([0, 0, 1]);
  expect((unseen ?? 0) + (inapplicable ?? 0)).toBe((controls ?? 0) - 1);
  expect(unseen).toBeGreaterThan(50);
});

test('what one reason hides in many places is told once', () => {
  const lines = report({});
  const at = lines.indexOf('Not observed');
  expect(lines[at + 1]).toMatch(/^ {2}nothing was collected: \d+ checks of \d+ controls$/);
  expect(lines.filter((line) => line.includes('nothing was collected')).length).toBeLessThan(10);
  expect(report({}, true).filter((line) => line.includes('nothing was collected')).length).toBeGreaterThan(100);
});
