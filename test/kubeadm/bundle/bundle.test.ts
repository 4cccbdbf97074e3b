import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { assembleBundle, checkBundle, writeBundle } from '../../../kubeadm';
import { catalogue } from '../../../lib/controls/registry';
import { resolve } from '../../../lib/resolve';
import { type ClusterSpec, type ClusterSpecInput, clusterSpecSchema } from '../../../lib/spec/cluster-spec';
import { inputs } from '../../support/bundle-inputs';
import { bundleOf, rendering } from '../../support/controls';
import { goldenBundle, goldenSpec } from '../../support/golden-bundles';
import { fileOf } from '../../support/rendered-node';
import { specInput } from '../../support/spec';

const initFile = 'nodes/cp-1/files/etc/kubernetes/bulwark/kubeadm/init.yaml';

/** The same data with the keys of every object in the opposite order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  ) as T;
}

describe('the same spec', () => {
  test('gives the same bytes, whatever order its keys are in', () => {
    const spec = goldenSpec('surroundings');
    const turned: ClusterSpec = clusterSpecSchema.parse(reversed(spec));
    const again = assembleBundle(resolve(turned, [...catalogue].reverse()), {
      ...inputs,
      manifests: reversed(inputs.manifests),
    });
    expect([...again]).toEqual([...goldenBundle('surroundings')]);
  });

  test('another spec gives another digest', () => {
    const digest = (name: string) => JSON.parse(fileOf(bundleOf([], { name }), 'manifest.json')).specDigest;
    expect(digest('one')).not.toBe(digest('two'));
  });
});

describe('manifest.json', () => {
  const bundle = goldenBundle('lab');
  const manifest = JSON.parse(fileOf(bundle, 'manifest.json'));

  test('holds the digest of every other file', () => {
    expect(Object.keys(manifest.files)).toEqual([...bundle.keys()].filter((path) => path !== 'manifest.json'));
    for (const [path, { sha256 }] of Object.entries<{ sha256: string }>(manifest.files)) {
      expect([path, sha256]).toEqual([path, createHash('sha256').update(fileOf(bundle, path)).digest('hex')]);
    }
  });

  test('names the controls of files that cannot carry a comment', () => {
    const patch = 'nodes/worker-1/files/etc/kubernetes/bulwark/patches/kubeletconfiguration0+json.json';
    expect(manifest.files[patch].controls).toEqual(['kubelet/static-pods']);
    expect(manifest.controls).toContain('kubelet/static-pods');
  });
});

describe('secrets', () => {
  const bundle = goldenBundle('lab');

  test('every slot is listed with the files that carry it, and nothing else is secret', () => {
    const { slots } = JSON.parse(fileOf(bundle, 'secrets.required.json'));
    expect(Object.keys(slots)).toEqual(['cluster-ca', 'encryption-key:secretbox', 'join-token']);
    expect(slots['encryption-key:secretbox']).toEqual({
      'cp-1': ['/etc/kubernetes/bulwark/apiserver/encryption/config.yaml'],
    });
    expect(Object.keys(slots['join-token'])).toEqual(['worker-1', 'worker-2']);
    for (const [path, content] of bundle) {
      expect([path, content.match(/BEGIN [A-Z ]*PRIVATE KEY|^\s*(secret|token): [^$\s]/m)]).toEqual([path, null]);
    }
  });

  test('a file with a slot is closed to everybody but root', () => {
    const { files } = parse(fileOf(bundle, 'nodes/cp-1/host.yaml'));
    const withSlots = files.filter(({ slots }: { slots: string[] }) => slots.length > 0);
    expect(withSlots.map(({ mode, owner }: Record<string, string>) => `${mode} ${owner}`)).toEqual(['0600 root']);
  });
});

describe('checks.json', () => {
  const { nodes, cluster } = JSON.parse(fileOf(goldenBundle('lab'), 'checks.json'));

  test('gives each node the probes of its role, each once', () => {
    const keys = (node: string): string[] => nodes[node].map(({ key }: { key: string }) => key);
    expect(keys('worker-1')).toEqual(keys('worker-2'));
    expect(keys('cp-1').length).toBeGreaterThan(keys('worker-1').length);
    expect(new Set(keys('cp-1')).size).toBe(keys('cp-1').length);
    expect(keys('cp-1')).toContain('process name=kube-apiserver');
    expect(keys('worker-1')).not.toContain('process name=kube-apiserver');
    expect(cluster.length).toBeGreaterThan(0);
  });

  test('a waiver stops no check', () => {
    const waiver = { control: 'kube-apiserver/profiling', reason: 'profiles are taken every week', owner: 'ops' };
    const waivers = [{ ...waiver, expires: '2999-01-01' }];
    const checksOf = (changes: Partial<ClusterSpecInput>) => {
      const bundle = bundleOf(catalogue, changes);
      return { checks: fileOf(bundle, 'checks.json'), init: fileOf(bundle, initFile) };
    };
    const waived = checksOf({ waivers });
    const active = checksOf({});
    expect(waived.checks).toBe(active.checks);
    expect(active.init).toContain('- name: profiling');
    expect(waived.init.split('- name: profiling')).toHaveLength(active.init.split('- name: profiling').length - 1);
  });
});

describe('absent.yaml', () => {
  test('lists what must not exist', () => {
    const token = rendering('test/absent', {
      kind: 'absent-object',
      apiVersion: 'v1',
      objectKind: 'ConfigMap',
      namespace: 'kube-public',
      name: 'cluster-info',
    });
    expect(parse(fileOf(bundleOf([token]), 'absent.yaml'))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'kube-public',
        name: 'cluster-info',
        controls: ['test/absent'],
      },
    ]);
    expect(parse(fileOf(bundleOf([]), 'absent.yaml'))).toEqual([]);
  });
});

describe('a bundle on disk', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bulwark-bundle-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const bundle = bundleOf([]);

  test('is up to date once it is written', () => {
    writeBundle(bundle, join(directory, 'bundle'));
    expect(checkBundle(bundle, join(directory, 'bundle'))).toBe('');
  });

  test('differs by a unified diff in which the manifest is left out', () => {
    writeBundle(bundle, directory);
    const changed = bundleOf([rendering('test/sysctl', { kind: 'sysctl', name: 'kernel.sysrq', value: '0' })]);
    const diff = checkBundle(changed, directory);
    expect(diff).toContain('--- a/nodes/cp-1/files/etc/sysctl.d/99-zz-bulwark.conf');
    expect(diff).toContain('+++ b/nodes/cp-1/files/etc/sysctl.d/99-zz-bulwark.conf');
    expect(diff).toMatch(/^\+kernel\.sysrq = 0$/m);
    expect(diff).not.toContain('manifest.json');
  });

  test('a node that left the spec leaves no folder', () => {
    writeBundle(bundle, directory);
    mkdirSync(join(directory, 'nodes', 'gone', 'files'), { recursive: true });
    writeFileSync(join(directory, 'nodes', 'gone', 'host.yaml'), 'x\n');
    writeBundle(bundle, directory);
    expect(existsSync(join(directory, 'nodes', 'gone'))).toBe(false);
    expect(checkBundle(bundle, directory)).toBe('');
  });

  test('a file that is missing, foreign or only damaged in the manifest is a difference', () => {
    writeBundle(bundle, directory);
    rmSync(join(directory, 'known_hosts'));
    expect(checkBundle(bundle, directory)).toContain('--- /dev/null\n+++ b/known_hosts');
    writeBundle(bundle, directory);
    writeFileSync(join(directory, 'extra'), 'x\n');
    expect(checkBundle(bundle, directory)).toContain('--- a/extra\n+++ /dev/null');
    writeBundle(bundle, directory);
    expect(existsSync(join(directory, 'extra'))).toBe(false);
    writeFileSync(join(directory, 'manifest.json'), '{}\n');
    expect(checkBundle(bundle, directory)).toContain('--- a/manifest.json');
  });

  test('is not written over something else', () => {
    writeFileSync(join(directory, 'thesis.txt'), 'precious\n');
    expect(() => writeBundle(bundle, directory)).toThrow(/BUNDLE_FOREIGN_DIRECTORY/);
    expect(readFileSync(join(directory, 'thesis.txt'), 'utf8')).toBe('precious\n');
  });
});

test('nodes.json of the approver lists what each node may ask for', () => {
  const service = rendering('test/approver', {
    kind: 'node-service',
    service: 'csr-approver',
    roles: ['control-plane'],
  });
  const bundle = bundleOf([service], { nodes: specInput().nodes });
  const listed = JSON.parse(fileOf(bundle, 'nodes/cp-1/files/etc/kubernetes/bulwark/approver/nodes.json'));
  expect(listed['worker-1']).toEqual({ addresses: ['192.0.2.21'], names: ['worker-1'] });
  expect(bundle.has('nodes/worker-1/files/etc/kubernetes/bulwark/approver/nodes.json')).toBe(false);
});

test('a node may have swap only where the kubelet is told to bear it', () => {
  const failSwapOn = (value: boolean) => rendering('test/swap', { kind: 'kubelet-field', path: 'failSwapOn', value });
  const hostOf = (value: boolean) => parse(fileOf(bundleOf([failSwapOn(value)]), 'nodes/worker-1/host.yaml'));
  expect(hostOf(false).swap).toBe(true);
  expect(hostOf(true)).not.toHaveProperty('swap');
});
