import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabMachines } from '../../lab';
import type { LabHost } from '../../lab/lab-host';
import { labClusterYaml, labSpec } from '../../lab/lab-spec';
import { catalogue } from '../../lib/controls/registry';
import { resolve } from '../../lib/resolve';
import { parseSpec } from '../../lib/spec/parse';
import { hostKeys } from '../support/spec';

const machines: LabMachines = {
  name: 'bulwark',
  network: { name: 'bulwark-lab-bulwark', subnet: '10.89.36.0/24', gateway: '10.89.36.1' },
  ssh: {
    user: 'ops',
    identityFile: '~/.local/state/bulwark/labs/bulwark/machines/identity',
    knownHostsFile: '~/.local/state/bulwark/labs/bulwark/machines/known_hosts',
  },
  nodes: [
    { name: 'cp-1', role: 'control-plane', address: '10.89.36.11', hostKey: hostKeys[0] },
    { name: 'worker-1', role: 'worker', address: '10.89.36.12', hostKey: hostKeys[1] },
    { name: 'worker-2', role: 'worker', address: '10.89.36.13', hostKey: hostKeys[2] },
  ],
};
const strong: LabHost = { cgroupVersion: 2, lowersOomScores: true, swap: false, appArmor: true, wireGuard: true };
const weak: LabHost = { cgroupVersion: 1, lowersOomScores: false, swap: true, appArmor: false, wireGuard: false };

const example = join(__dirname, '../../examples/lab/cluster.yaml');
const options = { today: '2026-01-01', controlIds: catalogue.map(({ id }) => id) };
const waivedOn = (host: LabHost) => labSpec(machines, host).waivers?.map(({ control }) => control);

test('the example is what `lab up` writes on a computer that lacks everything', () => {
  const text = labClusterYaml(machines, weak);
  if (process.env.UPDATE_GOLDEN) writeFileSync(example, text);
  expect(readFileSync(example, 'utf8')).toBe(text);
});

test('the spec parses without a warning, resolves, and every waiver concerns a control that is on', () => {
  const { spec, warnings } = parseSpec(labClusterYaml(machines, weak), options);
  expect(warnings).toEqual([]);
  const on = resolve(spec, catalogue).controls.map(({ id }) => id);
  expect(spec.waivers.filter(({ control }) => !on.includes(control))).toEqual([]);
  expect(spec.waivers.length).toBeGreaterThan(3);
});

test('every waiver is one of the platform, undated, and gives its reason', () => {
  const waivers = labSpec(machines, weak).waivers ?? [];
  expect(waivers.filter(({ platform, expires }) => !platform || expires !== undefined)).toEqual([]);
});

test('a computer that has a feature gets no waiver for its lack', () => {
  expect(waivedOn(strong)).toEqual(['kubelet/eviction-thresholds', 'node/kernel-parameters', 'node/time-sync']);
  expect(labSpec(machines, strong).cni).toMatchObject({ encryption: 'wireguard' });
  expect(waivedOn({ ...strong, cgroupVersion: 1 })).toContain('kubelet/cgroup-v2');
  expect(waivedOn({ ...strong, swap: true })).toContain('kubelet/swap');
  expect(waivedOn({ ...strong, wireGuard: false })).toContain('network/pod-encryption');
});

test('only this computer may log in on the machines', () => {
  expect(labSpec(machines, strong).networking).toMatchObject({
    operatorCidrs: ['10.89.36.1'],
    allowedApiCidrs: ['10.89.36.0/24'],
  });
});
