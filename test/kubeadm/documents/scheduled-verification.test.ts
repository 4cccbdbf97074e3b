import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import scheduled from '../../../lib/controls/audit/scheduled-verification';
import kubeconfigs from '../../../lib/controls/node/kubeconfigs';
import encryption from '../../../lib/controls/secrets/encryption-at-rest';
import type { ClusterSpecInput } from '../../../lib/spec/cluster-spec';
import { bundleOf, hasFile, renderedFile } from '../../support/controls';
import { describeWith } from '../../support/judges';
import { hostPlan } from '../../support/rendered-node';

const unit = (name: string) => `/etc/systemd/system/${name}`;
const verification = { schedule: 'daily' } as const;
const bundle = (changes: Partial<ClusterSpecInput> = { verification }) =>
  bundleOf([scheduled, encryption, kubeconfigs], changes);

test('is there where the spec asks for it, on control planes only', () => {
  expect(hasFile(bundle(), unit('bulwark-verify.timer'))).toBe(true);
  expect(hasFile(bundle(), unit('bulwark-verify.timer'), 'worker-1')).toBe(false);
  expect(hasFile(bundle({}), unit('bulwark-verify.timer'))).toBe(false);
});

test('brings what it needs and what it leaves', () => {
  const plan = hostPlan(bundle(), 'cp-1');
  expect(plan.packages).toContain('nodejs');
  expect(plan.units).toContainEqual(
    expect.objectContaining({ name: 'bulwark-verify.timer', enabled: true, state: 'started' }),
  );
  expect(plan.written).toEqual(['/var/lib/prometheus/node-exporter/bulwark.prom']);
  const other = hostPlan(bundle({}), 'cp-1');
  expect(other.packages).not.toContain('nodejs');
  expect(other.written).toEqual([]);
});

test('follows the spec', () => {
  const changed = bundle({ verification: { schedule: 'weekly', metricsDirectory: '/srv/metrics/text' } });
  expect(renderedFile(changed, unit('bulwark-verify.timer'))).toMatch(/^OnCalendar=weekly$/m);
  expect(renderedFile(changed, unit('bulwark-verify.service'))).toContain('/srv/metrics/text/bulwark.prom\n');
  expect(hostPlan(changed, 'cp-1').directories).toContainEqual(
    expect.objectContaining({ path: '/srv/metrics/text', mode: '0755', owner: 'root' }),
  );
});

test('probes nothing that needs more than it may have', () => {
  const { probes, user } = JSON.parse(renderedFile(bundle(), '/etc/kubernetes/bulwark/verification/probes.json'));
  const kinds = probes.map(({ probe }: { probe: { kind: string } }) => probe.kind);
  expect(user).toBe('bulwark:verifier');
  expect(kinds).toContain('access');
  expect(kinds).toContain('process');
  expect(kinds).not.toContain('etcd');
});

describeWith('its units, judged by systemd', ['systemd-analyze'], ({ 'systemd-analyze': analyze }) => {
  const directory = mkdtempSync(join(tmpdir(), 'bulwark-units-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Exposure from 0 to 100, as systemd counts it; a unit that systemd cannot read has none. */
  function exposure(name: string, change: (text: string) => string = (text) => text): number {
    const file = join(directory, name);
    writeFileSync(file, change(renderedFile(bundle(), unit(name))));
    const { stdout } = spawnSync(analyze, ['security', '--offline=true', '--no-pager', file], { encoding: 'utf8' });
    return Math.round(Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]) * 10);
  }

  test('keep the judge from nearly everything, and the collector from what it does not need', () => {
    expect(exposure('bulwark-verify.service')).toBeLessThanOrEqual(5);
    expect(exposure('bulwark-observe.service')).toBeLessThanOrEqual(25);
  });

  test('would be noticed if they were looser', () => {
    const root = (text: string) => text.replace(/^(DynamicUser=yes|User=.*)$/m, 'User=root');
    expect(exposure('bulwark-verify.service', root)).toBeGreaterThan(5);
    expect(exposure('bulwark-observe.service', root)).toBeGreaterThan(25);
  });

  test.each(['hourly', 'daily', 'weekly'] as const)('run %s', (schedule) => {
    const timer = renderedFile(bundle({ verification: { schedule } }), unit('bulwark-verify.timer'));
    const date = /^OnCalendar=(.+)$/m.exec(timer)?.[1] ?? '';
    expect(spawnSync(analyze, ['calendar', date]).status).toBe(0);
  });
});
