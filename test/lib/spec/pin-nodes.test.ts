import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pinNodes } from '../../../lib/spec/pin-nodes';

const example = readFileSync(join(__dirname, '../../../examples/three-machines/cluster.yaml'), 'utf8');
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJe6qNBjEz0KA3BfpEKbcalg4u3RxAkhp7AlXQcDj3qw';
const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIENv4xfJ2plLaWb8s5bqsxXxqp4XPVsdHsBNWQEa91i+';
const node = (name: string) => ({ name, role: 'worker' as const, address: '192.0.2.9', hostKey: key });

/** The lines that two texts do not share. */
const difference = (before: string, after: string): readonly string[] => {
  const known = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !known.has(line));
};

test('a new node stands behind the last one, and every other byte stays', () => {
  const after = pinNodes(example, [node('worker-3')]);
  expect(difference(example, after)).toEqual(['  - name: worker-3', '    address: 192.0.2.9']);
  expect(after.replace(/ {2}- name: worker-3\n(?: {4}.*\n){3}/, '')).toBe(example);
  expect(parse(after).nodes.map(({ name }: { name: string }) => name)).toEqual([
    'cp-1',
    'worker-1',
    'worker-2',
    'worker-3',
  ]);
});

test('an entry that is there gets the key and keeps its comments, labels and place', () => {
  const draft = example.replace(other, 'REPLACE with the key # worker-1');
  const after = pinNodes(draft, [{ ...node('worker-1'), hostKey: other }]);
  expect(after).toBe(example.replace(other, `${other} # worker-1`));
});

test('a key that is missing, or empty, finds its place', () => {
  const without = 'nodes:\n  - name: a\n    address: 192.0.2.9 # rack 4\n\nname: x\n';
  expect(pinNodes(without, [node('a')])).toBe(
    `nodes:\n  - name: a\n    address: 192.0.2.9 # rack 4\n    hostKey: ${key}\n\nname: x\n`,
  );
  for (const empty of ['nodes:\n  - hostKey:\n    name: a\n', 'nodes: [{name: a, role: worker}]\n']) {
    expect(parse(pinNodes(empty, [node('a')])).nodes[0]).toMatchObject({ name: 'a', hostKey: key });
  }
});

test.each(['', 'name: x\n', 'nodes:\nname: x\n', 'nodes: []\nname: x\n', 'nodes: [{name: b}] # two\nname: x\n'])(
  'a spec without a list of nodes gets one: %j',
  (text) => {
    const after = parse(pinNodes(text, [node('a'), node('c')]));
    expect(after.nodes.map(({ name }: { name: string }) => name)).toEqual([
      ...(text.includes('name: b') ? ['b'] : []),
      'a',
      'c',
    ]);
    expect(after.name).toBe(text === '' ? undefined : 'x');
  },
);
