import { spawnSync } from 'node:child_process';
import type { NodeObservations, Observation } from '../../../lib/checks/probe';
import { catalogue } from '../../../lib/controls/registry';
import { type Resolution, resolve } from '../../../lib/resolve';
import { type ClusterSpecInput, clusterSpecSchema } from '../../../lib/spec/cluster-spec';
import { judgeNode } from '../../../lib/verification/judge-node';
import { recording } from '../../support/evidence';
import { describeWith } from '../../support/judges';
import { specInput } from '../../support/spec';

const now = new Date('2026-06-15T12:00:00Z');
const resolution = (changes: Partial<ClusterSpecInput> = {}): Resolution =>
  resolve(clusterSpecSchema.parse(specInput({ verification: { schedule: 'daily' }, ...changes })), catalogue);

const seen = recording('hardened').find(({ role }) => role === 'control-plane') as NodeObservations;

/** What was seen, with one observation changed by its key. */
function but(key: string, observation: Observation): NodeObservations {
  if (!(key in seen.observations)) throw new Error(`nobody looked at ${key}`);
  return { ...seen, observations: { ...seen.observations, [key]: observation } };
}

const metrics = (of: NodeObservations = seen, changes: Partial<ClusterSpecInput> = {}): ReadonlyMap<string, number> =>
  new Map(
    judgeNode(resolution(changes), of, now)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );

const count = (of: ReadonlyMap<string, number>, node: string, verdict: string) =>
  of.get(`bulwark_check_verdicts{node="${node}",verdict="${verdict}"}`);

test('counts each check once, by place and verdict', () => {
  const of = metrics();
  const { controls, cluster } = resolution();
  const rows = controls
    .flatMap((control) => control.checks(cluster))
    .map(({ scope }) => (scope === 'cluster' ? 1 : scope === 'node' ? 3 : scope === 'worker' ? 2 : 1));
  const counted = [...of].filter(([name]) => name.startsWith('bulwark_check_verdicts')).map(([, value]) => value);
  expect(counted.reduce((sum, value) => sum + value)).toBe(rows.reduce((sum: number, value) => sum + value, 0));
  expect(count(of, 'cp-1', 'pass')).toBeGreaterThan(100);
});

test('never takes what it does not look at for a pass', () => {
  const of = metrics();
  // Of workers it sees what their kubelets say of themselves.
  expect(count(of, 'worker-1', 'out-of-sight')).toBeGreaterThan(30);
  expect(count(of, 'cp-1', 'out-of-sight')).toBeGreaterThan(2);
  expect(count(of, 'cluster', 'out-of-sight')).toBeGreaterThan(5);
  const blind = metrics({ ...seen, observations: {} });
  for (const node of ['cp-1', 'worker-1', 'worker-2', 'cluster']) {
    expect(count(blind, node, 'pass')).toBe(0);
    expect(count(blind, node, 'out-of-sight')).toBe(count(of, node, 'out-of-sight'));
  }
});

test('tells what should have been seen from what is never looked at', () => {
  const probe = 'process name=kube-scheduler';
  const unseen = metrics(but(probe, { unseen: 'no such tool' }));
  expect(count(metrics(), 'cp-1', 'not-observed')).toBe(1);
  expect(count(unseen, 'cp-1', 'not-observed')).toBeGreaterThan(1);
  expect(count(metrics(but(probe, { fact: 5 } as never)), 'cp-1', 'error')).toBeGreaterThan(0);
});

test('names a control that fails, and its place', () => {
  const probe = 'unit properties=["ActiveState","UnitFileState"] unit=bulwark-csr-approver.service';
  const name = 'bulwark_control_failing{control="kubelet/certificate-approver",node="cp-1",control_severity="high"}';
  expect(metrics().has(name)).toBe(false);
  expect(metrics(but(probe, { fact: { ActiveState: 'failed' } })).get(name)).toBe(1);
});

test('says when evidence was taken and when the next is due', () => {
  expect(metrics().get('bulwark_evidence_timestamp_seconds')).toBe(Date.parse(seen.at) / 1000);
  expect(metrics().get('bulwark_verification_interval_seconds')).toBe(86400);
  const weekly = metrics(seen, { verification: { schedule: 'weekly' } });
  expect(weekly.get('bulwark_verification_interval_seconds')).toBe(7 * 86400);
});

test('says when certificates end, each file once', () => {
  const ca = { path: '/etc/kubernetes/pki/ca.crt', subject: 'CN=kubernetes', issuer: '', sans: [] };
  const of = metrics(
    but('certificate path=/etc/kubernetes/pki/*.crt', {
      fact: [
        { ...ca, notAfter: '2027-01-01T00:00:00Z' },
        { ...ca, path: '/etc/kubernetes/pki/odd".crt', notAfter: '2027-01-02T00:00:00Z' },
        { ...ca, path: '/etc/kubernetes/pki/none.crt', notAfter: 'never' },
      ],
    }),
  );
  // Other files are as they were recorded.
  const own = /^bulwark_certificate_.*\/pki\/(ca|odd|none)\b/;
  expect([...of].filter(([name]) => own.test(name))).toEqual([
    [`bulwark_certificate_expiry_timestamp_seconds{certificate="${ca.path}",node="cp-1"}`, 1798761600],
    [
      'bulwark_certificate_expiry_timestamp_seconds{certificate="/etc/kubernetes/pki/odd\\".crt",node="cp-1"}',
      1798848000,
    ],
  ]);
});

test('says when waivers end: at the end of their last day, the sooner of two for one place', () => {
  const waiver = { control: 'node/time-sync', reason: 'a reason of twenty characters', owner: 'somebody' };
  const of = metrics(seen, {
    waivers: [
      { ...waiver, expires: '2026-12-31' },
      { ...waiver, expires: '2026-06-30' },
      { ...waiver, expires: '2026-09-30', nodes: ['worker-1', 'worker-2'] },
      { ...waiver, control: 'kubelet/cgroup-v2', platform: true },
    ],
  });
  expect([...of].filter(([name]) => name.startsWith('bulwark_waiver_'))).toEqual([
    ['bulwark_waiver_expiry_timestamp_seconds{control="node/time-sync",scope="all"}', Date.parse('2026-07-01') / 1000],
    [
      'bulwark_waiver_expiry_timestamp_seconds{control="node/time-sync",scope="worker-1, worker-2"}',
      Date.parse('2026-10-01') / 1000,
    ],
  ]);
});

describeWith('metrics, judged by promtool', ['promtool'], ({ promtool }) => {
  const check = (text: string) => {
    const { status, stderr } = spawnSync(promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
    return { status, stderr };
  };

  test('are valid, with names in order', () => {
    expect(check(judgeNode(resolution(), seen, now))).toEqual({ status: 0, stderr: '' });
  });

  test('are not when a label is not escaped', () => {
    const text = judgeNode(resolution(), seen, now).replace('node="cp-1"', 'node="cp"1"');
    expect(check(text).status).not.toBe(0);
  });
});
