import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pinKey, pinNodes } from '../../../lib/spec/pin-nodes';

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

const jump = { address: '192.0.2.1', user: 'ops', port: 22, hostKey: other };

test.each([
  ['nodes:\n  - name: a\n    ssh:\n      user: ops # us\n    labels: {x: y}\nname: x\n', { user: 'ops', jump }],
  ['nodes:\n  - name: a\n    ssh: {user: ops}\n', { user: 'ops', jump }],
  ['nodes:\n  - name: a\n    ssh: {}\n', { jump }],
  ['nodes:\n  - name: a\n    ssh: # later\n    hostKey: x\n', { jump }],
  ['nodes:\n  - name: a\n', { jump }],
  ['nodes:\n  - {name: a}\n', { jump }],
  [
    'nodes:\n  - name: a\n    ssh:\n      jump:\n        address: 192.0.2.1\n        hostKey: REPLACE # it\n',
    { jump: { address: '192.0.2.1', hostKey: other } },
  ],
  ['nodes: [{name: a, ssh: {jump: {address: b}}}]\n', { jump: { address: 'b', hostKey: other } }],
])('an entry that is there gets its jump host, or the key of that: %j', (text, ssh) => {
  const after = pinNodes(text, [{ ...node('a'), ssh: { jump } }]);
  expect(parse(after).nodes).toEqual([expect.objectContaining({ name: 'a', hostKey: key, ssh })]);
  for (const comment of text.match(/#.*/g) ?? []) expect(after).toContain(comment);
});

test.each([
  'ssh:\n  user: ops\n  jump:\n    address: b # bastion\n\nnodes: []\n',
  'nodes: []\nssh: {user: ops, jump: {address: b, hostKey: REPLACE}}\n',
])('the jump host of the cluster gets its key: %j', (text) => {
  const after = pinKey(text, ['ssh', 'jump', 'hostKey'], key);
  expect(parse(after)).toEqual({ nodes: [], ssh: { user: 'ops', jump: { address: 'b', hostKey: key } } });
  for (const comment of text.match(/#.*/g) ?? []) expect(after).toContain(comment);
});
