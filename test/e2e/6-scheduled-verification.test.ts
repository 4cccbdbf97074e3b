import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { bulwark, jsonOf } from './support/bulwark';
import { hardenedTarget, labs, specOf, type UpResult, unproven } from './support/cluster';
import type { LabTarget } from './support/lab-target';
import { eventually } from './support/shell';
import { timed } from './support/timing';

const control = 'audit/scheduled-verification';
const metricsFile = '/var/lib/prometheus/node-exporter/bulwark.prom';

describe('a control plane that verifies itself on a timer', () => {
  let target: LabTarget;
  let first: UpResult;
  let began: number;

  const up = (...args: string[]) => bulwark(['up', specOf(labs.hardened), '--yes', '--json', ...args]);
  const root = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await target.onNode(target.controlPlane, script);
    if (code !== 0) throw new Error(`${script}: ended with ${code}: ${stderr}`);
    return stdout;
  };
  const metrics = () => root(`cat ${metricsFile}`);
  const seenAt = (text: string) => Number(/^bulwark_evidence_timestamp_seconds (\S+)/m.exec(text)?.[1]);

  beforeAll(async () => {
    target = await hardenedTarget();
    const spec = parseDocument(readFileSync(specOf(labs.hardened), 'utf8'));
    spec.set('verification', { schedule: 'hourly' });
    writeFileSync(specOf(labs.hardened), spec.toString());
    began = Date.now() / 1000;
    first = jsonOf(await timed('bulwark up with a scheduled verification', () => up()));
  });
  afterAll(() => target?.close());

  test('has looked and judged once when `bulwark up` ends, and its control holds', async () => {
    expect(unproven(first.evidence)).toEqual([]);
    const rows = first.evidence.rows.filter((row) => row.control === control);
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
    expect(seenAt(await metrics())).toBeGreaterThan(began);
    expect(await metrics()).not.toMatch(/^bulwark_control_failing/m);
  });

  test('is left as it is by a second run', async () => {
    const again = jsonOf<UpResult>(await timed('bulwark up, once more', () => up('--no-preview')));
    expect(again.nodes.flatMap(({ changes }) => changes)).toEqual([]);
    expect(unproven(again.evidence)).toEqual([]);
  });

  test('looks again when its timer fires, and its metrics name what somebody loosened', async () => {
    const before = seenAt(await metrics());
    const folder = '/run/systemd/system/bulwark-verify.timer.d';
    const soon = '[Timer]\\nOnActiveSec=1s\\nRandomizedDelaySec=0\\nAccuracySec=1s\\n';
    const again = 'systemctl daemon-reload && systemctl restart bulwark-verify.timer';
    await root('chmod 0644 /etc/kubernetes/scheduler.conf');
    try {
      await root(`mkdir -p ${folder} && printf '${soon}' > ${folder}/soon.conf && ${again}`);
      await timed('the timer', () => eventually('newer metrics', 120, async () => seenAt(await metrics()) > before));
      expect(await metrics()).toMatch(/^bulwark_control_failing\{.*control="node\/kubeconfigs"/m);
    } finally {
      await root(`chmod 0600 /etc/kubernetes/scheduler.conf; rm -rf ${folder}; ${again}`);
    }
  });

  test('has services that may do no more than they need', async () => {
    const show = async (unit: string, ...names: string[]) =>
      (await root(`systemctl show ${unit} --property=${names.join(',')}`)).trim().split('\n').sort();
    expect(await show('bulwark-observe.service', 'User', 'CapabilityBoundingSet')).toEqual([
      'CapabilityBoundingSet=cap_dac_read_search cap_net_admin cap_sys_ptrace',
      'User=bulwark-observe',
    ]);
    expect(await show('bulwark-verify.service', 'DynamicUser', 'CapabilityBoundingSet', 'PrivateNetwork')).toEqual([
      'CapabilityBoundingSet=',
      'DynamicUser=yes',
      'PrivateNetwork=yes',
    ]);
    // Nothing that it asked with is left.
    expect(await root('ls /run/bulwark-observe')).toBe('observations.json\n');
    const asVerifier = (...what: string[]) => target.kubectl(['auth', 'can-i', ...what, '--as=bulwark:verifier']);
    expect((await asVerifier('get', 'nodes', '--subresource=configz')).stdout.trim()).toBe('yes');
    expect((await asVerifier('get', 'secrets', '--all-namespaces')).stdout.trim()).toBe('no');
    expect((await asVerifier('create', 'nodes', '--subresource=proxy')).stdout.trim()).toBe('no');
  });
});
