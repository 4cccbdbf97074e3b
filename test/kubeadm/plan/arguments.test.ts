import { parseAllDocuments } from 'yaml';
import { paths } from '../../../kubeadm';
import type { Control } from '../../../lib/controls/control';
import { HardeningError } from '../../../lib/errors';
import type { Setting } from '../../../lib/settings/setting';
import type { ClusterSpecInput } from '../../../lib/spec/cluster-spec';
import { bundleOf, renderedFile, rendering } from '../../support/controls';

const argument = (name: string, value: string): Setting => ({
  kind: 'component-arg',
  component: 'kube-apiserver',
  name,
  value,
});

/** The arguments of kube-apiserver in the rendered ClusterConfiguration. */
function apiServerArguments(controls: readonly Control[], changes?: Partial<ClusterSpecInput>): Record<string, string> {
  const text = renderedFile(bundleOf(controls, changes), paths.init);
  const documents = parseAllDocuments(text).map((document) => document.toJS());
  const { apiServer } = documents.find(({ kind }) => kind === 'ClusterConfiguration');
  return Object.fromEntries(apiServer.extraArgs.map(({ name, value }: Record<string, string>) => [name, value]));
}

/** The issues that rendering ends with. */
function issuesOf(controls: readonly Control[], changes?: Partial<ClusterSpecInput>) {
  try {
    bundleOf(controls, changes);
  } catch (error) {
    if (error instanceof HardeningError) return error.issues;
    throw error;
  }
  return [];
}

const extra = (chosen: Record<string, string>) => ({ extraArguments: { 'kube-apiserver': chosen } });

describe('lists of arguments', () => {
  const eventRateLimit = rendering('test/limits', {
    kind: 'component-arg-list',
    component: 'kube-apiserver',
    name: 'enable-admission-plugins',
    members: ['EventRateLimit'],
  });

  test('a control that adds an admission plugin drops neither NodeRestriction nor the plugin of another', () => {
    const other = rendering('test/other', {
      kind: 'component-arg-list',
      component: 'kube-apiserver',
      name: 'enable-admission-plugins',
      members: ['DenyServiceExternalIPs'],
    });
    const { 'enable-admission-plugins': plugins } = apiServerArguments([eventRateLimit, other]);
    expect(plugins).toBe('NodeRestriction,EventRateLimit,DenyServiceExternalIPs');
  });

  test('a plugin of the spec joins those of the controls', () => {
    const chosen = apiServerArguments([eventRateLimit], extra({ 'enable-admission-plugins': 'PodNodeSelector' }));
    expect(chosen['enable-admission-plugins']).toBe('NodeRestriction,EventRateLimit,PodNodeSelector');
  });

  test('a plugin with a configuration is switched on', () => {
    const configured = rendering('test/configured', {
      kind: 'admission-plugin-configuration',
      plugin: 'EventRateLimit',
      configuration: { kind: 'Configuration', limits: [{ type: 'Server', qps: 1, burst: 1 }] },
    });
    const chosen = apiServerArguments([configured]);
    expect(chosen['enable-admission-plugins']).toBe('NodeRestriction,EventRateLimit');
    expect(chosen['admission-control-config-file']).toBe(paths.admission);
  });

  test('nobody sets a list: kubeadm keeps its own', () => {
    expect(apiServerArguments([rendering('test/one', argument('profiling', 'false'))])).toEqual({ profiling: 'false' });
  });
});

describe('two values for one scalar', () => {
  test('are an error that names both origins', () => {
    const controls = [
      rendering('test/sixty', argument('request-timeout', '60s')),
      rendering('test/ninety', argument('request-timeout', '90s')),
    ];
    expect(issuesOf(controls)).toEqual([
      expect.objectContaining({
        code: 'SETTING_CONFLICT',
        message: expect.stringMatching(/test\/ninety and test\/sixty/),
      }),
    ]);
  });

  test('a control against what every cluster needs', () => {
    const cgroupfs = rendering('test/cgroupfs', { kind: 'kubelet-field', path: 'cgroupDriver', value: 'cgroupfs' });
    expect(issuesOf([cgroupfs])[0]).toMatchObject({ message: 'base and test/cgroupfs set different values' });
  });

  test('a scalar where another control has an object', () => {
    const controls = [
      rendering('test/scalar', { kind: 'kubelet-field', path: 'logging', value: 'none' }),
      rendering('test/object', { kind: 'kubelet-field', path: 'logging.format', value: 'json' }),
    ];
    expect(issuesOf(controls)[0]).toMatchObject({ code: 'SETTING_CONFLICT', path: 'kubelet-field logging.format' });
  });
});

describe('extra arguments of the spec', () => {
  const profiling = rendering('test/profiling', argument('profiling', 'false'));

  test('pass where nobody owns them', () => {
    expect(apiServerArguments([profiling], extra({ 'goaway-chance': '0.001' }))['goaway-chance']).toBe('0.001');
  });

  test('are refused where a control owns them, naming it', () => {
    expect(issuesOf([profiling], extra({ profiling: 'true' }))).toEqual([
      expect.objectContaining({
        code: 'ARGUMENT_OWNED',
        control: 'test/profiling',
        path: 'extraArguments.kube-apiserver.profiling',
        got: 'true',
      }),
    ]);
  });

  test('an underscore does not get past the owner', () => {
    const owner = rendering('test/timeout', argument('request-timeout', '60s'));
    expect(issuesOf([owner], extra({ request_timeout: '1h' }))[0]).toMatchObject({ control: 'test/timeout' });
  });

  test('pass where the owner is waived', () => {
    const waiver = {
      control: 'test/profiling',
      reason: 'profiles are taken every week',
      owner: 'ops',
      expires: '2999-01-01',
    };
    const chosen = apiServerArguments([profiling], { ...extra({ profiling: 'true' }), waivers: [waiver] });
    expect(chosen.profiling).toBe('true');
  });

  test('may not replace what kubeadm sets, nor what our documents need', () => {
    const health = rendering('test/health', { kind: 'anonymous-path', path: '/livez' });
    const chosen = { 'etcd-servers': 'https://192.0.2.99:2379', 'authentication-config': '/etc/kubernetes/pki/x' };
    expect(issuesOf([health], extra(chosen)).map(({ code }) => code)).toEqual([
      'ARGUMENT_OF_KUBEADM',
      'ARGUMENT_OWNED',
    ]);
  });
});

describe('files that arguments name', () => {
  test('must lie in a directory that the static pod sees', () => {
    const issues = issuesOf([], extra({ 'egress-selector-config-file': '/etc/egress.yaml' }));
    expect(issues[0]).toMatchObject({ code: 'ARGUMENT_NOT_MOUNTED', got: '/etc/egress.yaml' });
  });

  test('must be in the tree where the directory is ours', () => {
    const health = rendering('test/health', { kind: 'anonymous-path', path: '/livez' });
    const chosen = { 'egress-selector-config-file': '/etc/kubernetes/bulwark/apiserver/egress.yaml' };
    expect(issuesOf([health], extra(chosen))[0]).toMatchObject({ code: 'ARGUMENT_FILE_MISSING' });
  });

  test('a mount needs its directory before the pod starts', () => {
    const mount: Setting = {
      kind: 'static-pod-mount',
      component: 'kube-apiserver',
      name: 'log',
      hostPath: '/var/log/example',
      mountPath: '/var/log/example',
      readOnly: false,
      pathType: 'Directory',
    };
    expect(issuesOf([rendering('test/log', mount)])[0]).toMatchObject({
      code: 'MOUNT_MISSING',
      got: '/var/log/example',
    });
    const directory: Setting = {
      kind: 'directory',
      path: '/var/log/example',
      mode: '0700',
      owner: 'root',
      group: 'root',
      roles: ['control-plane'],
    };
    expect(issuesOf([rendering('test/log', mount, directory)])).toEqual([]);
  });
});
