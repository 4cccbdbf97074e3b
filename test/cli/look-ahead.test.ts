import type { NodeOutcome } from '../../apply';
import { printChanges } from '../../cli/changes-report';
import { isSettled, type Look } from '../../cli/look-ahead';
import { isUnproven } from '../../lib/evidence';
import { exampleEvidence } from '../support/evidence';

const idle: NodeOutcome = { name: 'cp-1', changed: 0, ok: 9, changes: [], chores: [], diffs: [], warnings: [] };
const evidence = exampleEvidence('hardened');
const proven = { ...evidence, rows: evidence.rows.filter((row) => !isUnproven(row)) };

const look = (node: Partial<NodeOutcome> = {}, rest: Partial<Look> = {}): Look => ({
  preview: {
    nodes: [
      { ...idle, name: 'worker-1' },
      { ...idle, ...node },
    ],
    leaving: [],
  },
  seen: { evidence: proven, observations: [] },
  drift: [],
  departure: undefined,
  ...rest,
});

describe('a run is left out', () => {
  test('where the preview finds nothing to do and every control holds', () => {
    expect(isSettled(look())).toBe(true);
  });

  test('but not where anything would change, be written down or be waited for', () => {
    expect(isSettled(look({ changes: [{ kind: 'file', name: '/etc/x', action: 'replace' }] }))).toBe(false);
    expect(isSettled(look({ chores: ['wait until cp-1 is ready'] }))).toBe(false);
  });

  test('nor where a control does not hold, or a node leaves', () => {
    const [row] = exampleEvidence('stock').rows.filter(isUnproven);
    if (!row) throw new Error('the stock cluster holds every control');
    const seen = { evidence: { ...proven, rows: [...proven.rows, row] }, observations: [] };
    expect(isSettled(look({}, { seen }))).toBe(false);
    const departure = { nodes: ['worker-9'], forget: [], lines: [], spec: {} as never };
    expect(isSettled(look({}, { departure }))).toBe(false);
  });
});

test('what is still to do is printed beside that nothing changes', () => {
  const lines: string[] = [];
  const out = { note: (line: string) => lines.push(line), colour: (_: string, text: string) => text } as never;
  printChanges({ nodes: [idle, { ...idle, name: 'cp-2', chores: ['wait', 'record'] }] }, out, false);
  expect(lines).toEqual(['cp-1: no change', 'cp-2: no change, still to do: wait; record']);
});
