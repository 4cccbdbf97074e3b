import { benchmarks } from '../../lib/benchmarks';
import { catalogue } from '../../lib/controls/registry';
import { contradictions } from '../../lib/profiles/contradictions';
import { profileNames } from '../../lib/profiles/profile';
import { anchor } from '../../scripts/docs/markdown';
import { pages } from '../../scripts/docs/pages';
import { settingText } from '../../scripts/docs/setting-text';

const controls = pages.controls();
const headings = new Set([...controls.matchAll(/^#+ (.+)$/gm)].map(([, text]) => anchor(text ?? '')));

test('every control has a section with its cost', () => {
  const sections = controls.split(/^### /m).slice(1);
  expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(catalogue.map(({ id }) => id));
  for (const section of sections) expect(section).toMatch(/^Cost: .{5,}/m);
});

test('a control that concerns the example shows what it sets there and how it is checked', () => {
  const section = controls.split(/^### /m).find((each) => each.startsWith('audit/log-maxage\n'));
  expect(section).toContain('- `kube-apiserver --audit-log-maxage=30`');
  expect(section).toContain('- control planes: `kube-apiserver runs with --audit-log-maxage=30` (live, by process)');
  expect(section).toContain('- cis 1.2.17: Age of audit files');
});

test('every demand has a row', () => {
  const rows = new Set([...pages.coverage().matchAll(/^\| ([^|]+) \|/gm)].map(([, id]) => id));
  const demands = benchmarks.flatMap((benchmark) => benchmark.demands);
  expect(demands.filter(({ id }) => !rows.has(id))).toEqual([]);
});

test.each(['coverage', 'cost'] as const)('links of %s lead to sections of controls', (name) => {
  const links = [...pages[name]().matchAll(/\(controls\.md#([^)]+)\)/g)].map(([, target]) => target ?? '');
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter((target) => !headings.has(target))).toEqual([]);
});

test('every profile has a section, and every control that a decision names is there', () => {
  const text = pages.profiles();
  for (const name of profileNames) expect(text).toMatch(new RegExp(`^## ${name}$`, 'm'));
  const links = [...text.matchAll(/\(controls\.md#([^)]+)\)/g)].map(([, target]) => target ?? '');
  expect(links.filter((target) => !headings.has(target))).toEqual([]);
  const named = contradictions.flatMap(({ controls: of }) => of);
  expect(named.filter((id) => !catalogue.some((control) => control.id === id))).toEqual([]);
});

test('settings read as the thing that they render', () => {
  expect(settingText({ kind: 'sysctl', name: 'vm.overcommit_memory', value: '1' })).toBe(
    'sysctl vm.overcommit_memory = 1',
  );
  expect(settingText({ kind: 'kubelet-field', path: 'podPidsLimit', value: 4096 })).toBe(
    'KubeletConfiguration podPidsLimit: 4096',
  );
  expect(settingText({ kind: 'kernel-module', name: 'overlay', state: 'loaded' })).toBe(
    'kernel module: name overlay, state loaded',
  );
});
