import {
  certificateIssuer,
  fileAbsent,
  fileMode,
  fileText,
  kubeletConfig,
  packageFloor,
  programsUnchanged,
  sysctl,
  unitActive,
  versionFloor,
} from '../../../lib/checks';
import { catalogue } from '../../../lib/controls/registry';
import { resolve } from '../../../lib/resolve';
import { clusterSpecSchema } from '../../../lib/spec/cluster-spec';
import { specInput } from '../../support/spec';

const scope = 'node';

describe('fileMode', () => {
  const { judge } = fileMode({ scope, path: '/etc/kubernetes/*.conf', mode: '0640' });
  const file = (mode: string, owner = 'root', group = 'root') =>
    ({ path: '/etc/kubernetes/x.conf', type: 'file', mode, owner, group }) as const;

  test.each(['0640', '0600', '0400', '0000'])('%s grants no more than 0640', (mode) => {
    expect(judge([file(mode)]).verdict).toBe('pass');
  });

  test.each(['0644', '0660', '0641', '4640', 'x', ''])('%j does', (mode) => {
    expect(judge([file(mode)]).verdict).toBe('fail');
  });

  test('every file counts, and its owner', () => {
    expect(judge([file('0600'), file('0644')]).verdict).toBe('fail');
    expect(judge([file('0600', 'etcd')]).verdict).toBe('fail');
    expect(judge([file('0600', 'root', 'adm')]).verdict).toBe('fail');
  });

  test('a link counts for nothing, neither for good nor for ill', () => {
    const link = { ...file('0777'), type: 'link' } as const;
    expect(judge([file('0600'), link]).verdict).toBe('pass');
    expect(judge([link])).toEqual({ verdict: 'fail', observed: 'links only' });
  });

  test('no file is a fail unless the check says otherwise', () => {
    expect(judge([]).verdict).toBe('fail');
    const optional = fileMode({ scope, path: '/x', mode: '0600', absent: 'not-applicable' });
    expect(optional.judge([]).verdict).toBe('not-applicable');
  });
});

test('fileAbsent names what is there', () => {
  const { judge } = fileAbsent({ scope, path: '/etc/kubernetes/admin.conf' });
  expect(judge([]).verdict).toBe('pass');
  const there = {
    path: '/etc/kubernetes/admin.conf',
    type: 'file',
    mode: '0600',
    owner: 'root',
    group: 'root',
  } as const;
  expect(judge([there])).toEqual({ verdict: 'fail', observed: '/etc/kubernetes/admin.conf 0600 root:root' });
});

test('fileText fails for another text and for no file, and never prints the text', () => {
  const { judge } = fileText({ scope, path: '/x', matches: /a = 1/, expected: 'a = 1' });
  expect(judge('b = 2\na = 1').verdict).toBe('pass');
  expect(judge('secret')).toEqual({ verdict: 'fail', observed: 'not found' });
  expect(judge(null).verdict).toBe('fail');
});

test('fileText fails for what the text must lack, wherever it stands', () => {
  const { judge } = fileText({ scope, path: '/x', lacks: /^\s*weak\s*=\s*true/m, expected: 'no weak = true' });
  expect(judge('a = 1\nb = 2').verdict).toBe('pass');
  expect(judge('weak = false').verdict).toBe('pass');
  for (const text of ['weak = true', 'a = 1\n  weak = true\nb = 2\n']) expect(judge(text).verdict).toBe('fail');
  expect(judge(null).verdict).toBe('fail');
});

describe('kubeletConfig', () => {
  const { cluster } = resolve(clusterSpecSchema.parse(specInput()), catalogue);

  test('is one check for each node, read from a control plane', () => {
    const checks = kubeletConfig(cluster, { path: 'podPidsLimit', value: 4096 });
    expect(checks.map(({ node, scope, probe }) => [node, scope, probe.of])).toEqual(
      ['cp-1', 'worker-1', 'worker-2'].map((name) => [name, 'cluster', name]),
    );
    expect(kubeletConfig(cluster, { role: 'worker', path: 'x', value: 1 })).toHaveLength(2);
  });

  test('reads a dotted path, and keys that hold dots', () => {
    const [deep] = kubeletConfig(cluster, { path: 'authentication.anonymous.enabled', value: false });
    expect(deep?.judge({ authentication: { anonymous: { enabled: false } } }).verdict).toBe('pass');
    expect(deep?.judge({ authentication: { anonymous: { enabled: true } } }).verdict).toBe('fail');
    expect(deep?.judge({ authentication: 'x' })).toEqual({ verdict: 'fail', observed: 'not set' });
    expect(deep?.judge({}).verdict).toBe('fail');
    const [dotted] = kubeletConfig(cluster, { path: 'evictionHard.[pid.available]', value: '5%' });
    expect(dotted?.judge({ evictionHard: { 'pid.available': '5%' } }).verdict).toBe('pass');
  });
});

describe('versionFloor', () => {
  const { judge } = versionFloor({ program: 'runc', floors: ['1.2.8', '1.3.3'] });

  test.each(['1.2.8', '1.2.10', '1.3.3', '1.4.0', '2.0.0', 'v1.3.4'])('%s has the fix', (version) => {
    expect(judge({ runc: version }).verdict).toBe('pass');
  });

  test.each(['1.1.15', '1.2.7', '1.3.2', '0.9.9', 'unknown', ''])('%j has not', (version) => {
    expect(judge({ runc: version }).verdict).toBe('fail');
  });

  test('a missing program is a fail', () => {
    expect(judge({}).verdict).toBe('fail');
  });
});

test('sysctl compares the value of the running kernel', () => {
  const { judge } = sysctl({ name: 'kernel.panic', value: '10' });
  expect(judge('10\n').verdict).toBe('pass');
  expect(judge('0').verdict).toBe('fail');
  expect(judge(null).verdict).toBe('fail');
});

test('sysctl accepts what is as strict, and says so', () => {
  const { judge, expected } = sysctl({ name: 'kernel.yama.ptrace_scope', value: '1', alsoStrict: ['2'] });
  expect(expected).toBe('kernel.yama.ptrace_scope = 1 or 2');
  expect(['1', '2', '0', '12'].map((value) => judge(value).verdict)).toEqual(['pass', 'pass', 'fail', 'fail']);
});

test('a unit passes only while it is active and starts with the machine', () => {
  const { judge } = unitActive({ unit: 'x.service' });
  expect(judge({ ActiveState: 'active', UnitFileState: 'enabled' }).verdict).toBe('pass');
  expect(judge({ ActiveState: 'active', UnitFileState: 'disabled' })).toEqual({
    verdict: 'fail',
    observed: 'active, disabled',
  });
  expect(judge({ ActiveState: 'active', UnitFileState: '' }).verdict).toBe('fail');
  expect(judge({ ActiveState: 'failed', UnitFileState: 'enabled' }).verdict).toBe('fail');
  expect(judge({}).verdict).toBe('fail');
  expect(judge(null).verdict).toBe('fail');
});

describe('packageFloor', () => {
  const { judge } = packageFloor({ name: 'sudo', floors: { 12: '1.9.13p3-1+deb12u2' }, mends: [{ id: 'CVE-1' }] });
  const seen = (version: string, system = 'debian 12') => judge({ system, versions: { sudo: version } }).verdict;

  test('passes from the floor on', () => {
    expect(seen('1.9.13p3-1+deb12u2')).toBe('pass');
    expect(seen('1.9.13p3-1+deb12u10')).toBe('pass');
    expect(seen('1.9.13p3-1+deb12u1')).toBe('fail');
    expect(seen('1.9.13p3-1')).toBe('fail');
  });

  test('says nothing of what is not there, or of a release with other versions', () => {
    expect(seen('1.9.5p2-3+deb11u1', 'debian 11')).toBe('not-applicable');
    expect(judge({ system: 'debian 12', versions: {} }).verdict).toBe('not-applicable');
    expect(judge({ system: '', versions: {} }).verdict).toBe('fail');
  });
});

test('one program with other bytes is a fail, and so is none that was recorded', () => {
  const { judge } = programsUnchanged();
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)] as const;
  const kubelet = { path: '/usr/bin/kubelet', sha256: a, installed: a };
  expect(judge([kubelet])).toEqual({ verdict: 'pass', observed: '1 programs' });
  expect(judge([kubelet, { path: '/usr/bin/runc', sha256: b, installed: a }])).toEqual({
    verdict: 'fail',
    observed: '/usr/bin/runc bbbbbbbbbbbb',
  });
  expect(judge([{ ...kubelet, sha256: '' }])).toEqual({ verdict: 'fail', observed: '/usr/bin/kubelet missing' });
  expect(judge([{ ...kubelet, installed: '' }])).toEqual({
    verdict: 'fail',
    observed: '/usr/bin/kubelet not recorded',
  });
  expect(judge([]).verdict).toBe('fail');
});

test('every certificate must come from the issuer', () => {
  const { judge } = certificateIssuer({ scope, path: '/x', issuer: /CN=etcd-ca/, issuerText: 'etcd-ca' });
  const from = (issuer: string) => ({ subject: 'CN=x', issuer, sans: [], notAfter: '2027-01-01T00:00:00Z' });
  expect(judge([from('CN=etcd-ca')]).verdict).toBe('pass');
  expect(judge([from('CN=etcd-ca'), from('CN=kubernetes')]).verdict).toBe('fail');
  expect(judge([]).verdict).toBe('fail');
});
