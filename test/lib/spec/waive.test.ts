import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffLines } from 'diff';
import { addWaiver } from '../../../lib/spec/waive';

const waiver = {
  control: 'node/time-sync',
  reason: 'the hypervisor sets the clock: chrony would fight it',
  owner: 'platform team',
  expires: '2027-01-31',
};

/** Lines that are gone and lines that are new. */
function changed(before: string, after: string): { gone: string[]; added: string[] } {
  const lines = (parts: ReturnType<typeof diffLines>) =>
    parts.flatMap(({ value }) => value.split('\n').filter(Boolean));
  const parts = diffLines(before, after);
  return { gone: lines(parts.filter(({ removed }) => removed)), added: lines(parts.filter(({ added }) => added)) };
}

const example = (name: string) => readFileSync(join(__dirname, '../../../examples', name, 'cluster.yaml'), 'utf8');

test.each(['lab', 'three-machines'])('changes no other line of examples/%s', (name) => {
  const text = example(name);
  const { gone, added } = changed(text, addWaiver(text, { ...waiver, control: 'kubelet/seccomp-default' }));
  expect(gone.filter((line) => line !== 'waivers: []')).toEqual([]);
  expect(added.map((line) => line.trim()).slice(-4)).toEqual([
    '- control: kubelet/seccomp-default',
    'reason: "the hypervisor sets the clock: chrony would fight it"',
    'owner: platform team',
    'expires: 2027-01-31',
  ]);
});

test('keeps comments and order, also of a file with its own style', () => {
  const text = `# Ours.
name: example # the name

nodes:
- name: cp-1   # first
  labels: {a: "1", 'b': x}
waivers: # given up
- control: kubelet/cgroup-v2 # old kernel
  reason: 'quoted in another way than we would'
  owner: a
  platform: true
# the end
profile: internet-facing
`;
  const { gone, added } = changed(text, addWaiver(text, waiver));
  expect(gone).toEqual([]);
  expect(added).toEqual([
    '- control: node/time-sync',
    '  reason: "the hypervisor sets the clock: chrony would fight it"',
    '  owner: platform team',
    '  expires: 2027-01-31',
  ]);
});

test('renews the waiver of the same control and scope', () => {
  const once = addWaiver('name: x\n', waiver);
  const { gone, added } = changed(once, addWaiver(once, { ...waiver, expires: '2027-06-30' }));
  expect([gone, added]).toEqual([['    expires: 2027-01-31'], ['    expires: 2027-06-30']]);
  const object = { kind: 'ServiceAccount', namespace: 'shop', name: 'default' };
  for (const scope of [{ nodes: ['worker-1'] }, { namespaces: ['shop'] }, { objects: [object] }]) {
    const limited = addWaiver(once, { ...waiver, ...scope });
    expect(limited.match(/control: node\/time-sync/g)).toHaveLength(2);
    const again = changed(limited, addWaiver(limited, { ...waiver, ...scope, expires: '2027-06-30' }));
    expect([again.gone, again.added]).toEqual([['    expires: 2027-01-31'], ['    expires: 2027-06-30']]);
  }
});

test('renews in place and keeps the comments within', () => {
  const text =
    'waivers:\n- control: node/time-sync # the clock\n  owner: a # who\n  reason: >-\n    long ago\n    decided\n# after\nname: x\n';
  expect(addWaiver(text, waiver)).toBe(
    'waivers:\n- control: node/time-sync # the clock\n  owner: platform team # who\n  reason: "the hypervisor sets the clock: chrony would fight it"\n  expires: 2027-01-31\n# after\nname: x\n',
  );
});

test('turns an empty list of one line into one that reads', () => {
  expect(addWaiver('waivers: []\nname: x\n', waiver)).toMatch(/^waivers:\n {2}- control: node\/time-sync\n/);
});
