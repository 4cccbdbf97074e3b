import type { ApplyResult } from '../../apply';
import { printChanges } from '../../cli/changes-report';
import type { Console } from '../../cli/console';
import { driftOf, printDrift } from '../../cli/drift';
import { exampleEvidence } from '../support/evidence';

const node = (name: string, changes: ApplyResult['nodes'][number]['changes'] = []) => ({
  name,
  changed: changes.length,
  ok: 1,
  changes,
  chores: [],
  diffs: [],
  warnings: [],
});
const command = (name: string) => ({ kind: 'command', name, action: 'run' });

/** A console that keeps what it is told. */
function listener(): { readonly lines: string[]; readonly out: Console } {
  const lines: string[] = [];
  const say = (text: string) => lines.push(text);
  return {
    lines,
    out: { note: say, result: say, object: () => undefined, colour: (_: string, text: string) => text } as never,
  };
}

const stock = exampleEvidence('stock');
const names = (rows: readonly { readonly control: string }[]) => new Set(rows.map(({ control }) => control));

describe('drift', () => {
  test('is what does not hold on a living cluster', () => {
    const hardened = driftOf(exampleEvidence('hardened'), { nodes: [node('cp-1')] });
    expect([...names(hardened)]).not.toContain('kube-apiserver/profiling');
    expect([...names(driftOf(stock, { nodes: [node('cp-1')] }))]).toContain('kube-apiserver/profiling');
  });

  test('is none before there is a cluster, nor on a node that is about to join', () => {
    expect(driftOf(stock, { nodes: [node('cp-1', [command('kubeadm init --config init.yaml')])] })).toEqual([]);
    const rendering = { nodes: [node('cp-1', [command('kubeadm init phase control-plane all')])] };
    expect(driftOf(stock, rendering).length).toBeGreaterThan(0);
    const joining = { nodes: [node('cp-1'), node('worker-1', [command('kubeadm join --config join.yaml')])] };
    const everywhere = driftOf(stock, { nodes: [node('cp-1')] });
    const other = everywhere.filter(({ where }) => where !== 'worker-1');
    expect(other.length).toBeLessThan(everywhere.length);
    expect(driftOf(stock, joining)).toEqual(other);
  });

  test('is printed by control, with place, what was wanted and what was seen', () => {
    const { lines, out } = listener();
    const rows = stock.rows.filter(({ control }) => control === 'kube-scheduler/profiling');
    printDrift(rows, out);
    expect(lines).toEqual([
      'Drift, by control:',
      '  kube-scheduler/profiling',
      '    cp-1: kube-scheduler runs with --profiling=false: no --profiling',
    ]);
    printDrift([], out);
    expect(lines).toHaveLength(3);
  });
});

test('changes are listed with the controls that ask for them, counted where many share one document', () => {
  const { lines, out } = listener();
  const many = ['a/a', 'b/b', 'c/c', 'd/d', 'e/e'];
  const changes = [
    { kind: 'sysctl', name: 'kernel.sysrq', action: '1 -> 0', controls: ['node/kernel-parameters'] },
    { kind: 'file', name: '/etc/x', action: 'replace', controls: many },
    { kind: 'restart', name: 'kubelet.service', action: 'restart' },
  ];
  printChanges({ nodes: [node('cp-1', changes)] }, out, false);
  expect(lines).toEqual([
    'cp-1: 3 changes',
    '  1 -> 0 sysctl: kernel.sysrq (node/kernel-parameters)',
    '  replace file: /etc/x (5 controls)',
    '  restart restart: kubelet.service',
  ]);
  lines.length = 0;
  printChanges({ nodes: [node('cp-1', changes)] }, out, true);
  expect(lines[2]).toBe(`  replace file: /etc/x (${many.join(', ')})`);
});
