import { execFileSync } from 'node:child_process';
import { parse, parseAllDocuments } from 'yaml';
import { paths } from '../../../kubeadm';
import type { Setting } from '../../../lib/settings/setting';
import { bundleOf, hasFile, renderedFile, rendering } from '../../support/controls';
import { specInput } from '../../support/spec';

const encrypted = (resource: string): Setting => ({ kind: 'encrypted-resource', resource });
const health: Setting = { kind: 'anonymous-path', path: '/livez' };

describe('what `kubeadm init` reads', () => {
  const bundle = bundleOf([]);
  const documents = parseAllDocuments(renderedFile(bundle, paths.init)).map((document) => document.toJS());
  const byKind = Object.fromEntries(documents.map((document) => [document.kind, document]));

  test('stands on the first control plane alone, and no kube-proxy where Cilium takes its place', () => {
    expect(documents.map(({ kind }) => kind)).toEqual([
      'InitConfiguration',
      'ClusterConfiguration',
      'KubeletConfiguration',
    ]);
    expect(byKind.ClusterConfiguration.proxy).toEqual({ disabled: true });
    expect(hasFile(bundle, paths.init, 'worker-1')).toBe(false);
  });

  test('leaves no bootstrap token that a machine could join with', () => {
    const [token] = byKind.InitConfiguration.bootstrapTokens;
    expect(token.ttl).toBe('1m0s');
    // kubeadm's default group is the one that may join.
    expect(token.groups).toEqual(['system:bootstrappers:bulwark:none']);
  });

  test('always names the endpoint, the node and the patches directory', () => {
    expect(byKind.ClusterConfiguration.controlPlaneEndpoint).toBe('192.0.2.11:6443');
    expect(byKind.InitConfiguration.nodeRegistration).toMatchObject({
      name: 'cp-1',
      kubeletExtraArgs: [{ name: 'node-ip', value: '192.0.2.11' }],
      taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    });
    expect(byKind.InitConfiguration.patches).toEqual({ directory: paths.patches });
  });

  test('the API server listens on its own port, also behind a load balancer on another', () => {
    const networking = { ...specInput().networking, controlPlaneEndpoint: 'api.example.org:443' };
    const [init, cluster] = parseAllDocuments(renderedFile(bundleOf([], { networking }), paths.init));
    expect(cluster?.toJS().controlPlaneEndpoint).toBe('api.example.org:443');
    expect(init?.toJS().localAPIEndpoint).toEqual({ advertiseAddress: '192.0.2.11', bindPort: 6443 });
  });

  test('keeps the taints of the role beside those of the spec', () => {
    const nodes = specInput().nodes.map((node) => ({
      ...node,
      taints: [{ key: 'example.org/only', value: 'yes', effect: 'NoExecute' as const }],
    }));
    const text = renderedFile(bundleOf([], { nodes }), paths.init);
    expect(parseAllDocuments(text)[0]?.toJS().nodeRegistration.taints).toEqual([
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
      { key: 'example.org/only', value: 'yes', effect: 'NoExecute' },
    ]);
    // Ansible reads YAML 1.1, in which a bare yes is a boolean.
    expect(text).toContain('value: "yes"');
  });

  test("kubeadm's check of the system is left out exactly where the kubelet accepts cgroup v1", () => {
    const accepting = rendering('test/cgroup', { kind: 'kubelet-field', path: 'failCgroupV1', value: false });
    const registration = (text: string) => parseAllDocuments(text)[0]?.toJS().nodeRegistration;
    const accepted = bundleOf([accepting]);
    for (const text of [renderedFile(accepted, paths.init), renderedFile(accepted, paths.join, 'worker-1')]) {
      expect(registration(text).ignorePreflightErrors).toEqual(['SystemVerification']);
      expect(text).toContain('#   test/cgroup\n');
    }
    expect(registration(renderedFile(bundle, paths.init)).ignorePreflightErrors).toBeUndefined();
  });

  test('a control may shorten the life of certificates', () => {
    const shorter = rendering('test/shorter', {
      kind: 'cluster-configuration-field',
      path: 'certificateValidityPeriod',
      value: '2160h0m0s',
    });
    expect(renderedFile(bundleOf([shorter]), paths.init)).toContain('\ncertificateValidityPeriod: 2160h0m0s\n');
  });
});

describe('what `kubeadm join` and `kubeadm upgrade` read', () => {
  const bundle = bundleOf([]);

  test('the join finds the cluster by a file that carries the token as its user', () => {
    const join = parse(renderedFile(bundle, paths.join, 'worker-1'));
    expect(join.discovery).toEqual({ file: { kubeConfigPath: paths.discovery } });
    expect(join.controlPlane).toBeUndefined();
    const discovery = parse(renderedFile(bundle, paths.discovery, 'worker-1'));
    expect(discovery.users[0].user.token).toMatch(/^\$\{slot:join-token\}$/);
    expect(discovery.clusters[0].cluster.server).toBe('https://192.0.2.11:6443');
  });

  test('every document names the patches directory, so that no step loses a patch', () => {
    const upgrade = parse(renderedFile(bundle, paths.upgrade));
    const directories = [
      upgrade.apply.patches.directory,
      upgrade.node.patches.directory,
      parse(renderedFile(bundle, paths.join, 'worker-1')).patches.directory,
    ];
    expect(new Set(directories)).toEqual(new Set([paths.patches]));
    for (const node of ['cp-1', 'worker-1']) {
      const host = parse(bundle.get(`nodes/${node}/host.yaml`) ?? '');
      expect(host.directories.map(({ path }: { path: string }) => path)).toContain(paths.patches);
    }
  });

  test('a patch for workers does not reach a control plane', () => {
    const patched = bundleOf([
      rendering('test/patch', { kind: 'kubelet-patch', roles: ['worker'], op: 'remove', pointer: '/staticPodPath' }),
    ]);
    const file = `${paths.patches}/kubeletconfiguration0+json.json`;
    expect(JSON.parse(renderedFile(patched, file, 'worker-1'))).toEqual([{ op: 'remove', path: '/staticPodPath' }]);
    expect(hasFile(patched, file, 'cp-1')).toBe(false);
  });
});

describe('EncryptionConfiguration', () => {
  const text = renderedFile(
    bundleOf([rendering('test/encryption', encrypted('secrets'), encrypted('configmaps'))]),
    paths.encryption,
  );

  test('is one block that writes with secretbox and holds a slot instead of a key', () => {
    const { resources } = parse(text);
    expect(resources).toHaveLength(1);
    expect(resources[0].resources).toEqual(['configmaps', 'secrets']);
    expect(Object.keys(resources[0].providers[0])).toEqual(['secretbox']);
    expect(text).toContain('secret: ${' + 'slot:encryption-key:secretbox}');
  });

  test('is read by the script of kube-bench 1.2.28 as encrypting', () => {
    const script = "grep -A1 'providers:' | tail -n1 | grep -o '[A-Za-z]*'";
    expect(execFileSync('sh', ['-c', script], { input: text, encoding: 'utf8' })).toBe('secretbox\n');
  });

  test('asks for a restart only where kube-apiserver does not reload it by itself', () => {
    const reload: Setting = {
      kind: 'component-arg',
      component: 'kube-apiserver',
      name: 'encryption-provider-config-automatic-reload',
      value: 'true',
    };
    const restarts = (...settings: readonly Setting[]) => {
      const host = parse(bundleOf([rendering('test/encryption', ...settings)]).get('nodes/cp-1/host.yaml') ?? '');
      return host.files.find(({ path }: { path: string }) => path === paths.encryption).restarts;
    };
    expect(restarts(encrypted('secrets'))).toEqual(['static-pod:kube-apiserver']);
    expect(restarts(encrypted('secrets'), reload)).toEqual([]);
  });
});

describe('AuthenticationConfiguration', () => {
  const issuer = { issuerUrl: 'https://login.example.org', audiences: ['kubernetes'], usernamePrefix: 'oidc:' };

  test('has no anonymous section where no control narrows it, and no file where nothing is set', () => {
    expect(hasFile(bundleOf([]), paths.authentication)).toBe(false);
    const text = renderedFile(bundleOf([], { authentication: { oidc: [issuer] } }), paths.authentication);
    expect(parse(text).anonymous).toBeUndefined();
  });

  test('lets no token become an identity of Kubernetes itself', () => {
    const bundle = bundleOf([rendering('test/health', health)], {
      authentication: { oidc: [{ ...issuer, groupsClaim: 'groups' }] },
    });
    const [jwt] = parse(renderedFile(bundle, paths.authentication)).jwt;
    expect(jwt.claimMappings.groups).toEqual({ claim: 'groups', prefix: 'oidc:' });
    expect(jwt.userValidationRules.map(({ expression }: { expression: string }) => expression)).toEqual([
      "!user.username.startsWith('system:')",
      "user.groups.all(group, !group.startsWith('system:'))",
    ]);
  });
});

describe('the audit policy', () => {
  test('orders the rules of all controls by their number', () => {
    const rule = (order: number, level: string): Setting => ({ kind: 'audit-rule', order, rule: { level } });
    const text = renderedFile(
      bundleOf([rendering('test/b', rule(20, 'Metadata')), rendering('test/a', rule(10, 'None'))]),
      paths.audit,
    );
    expect(parse(text).rules).toEqual([{ level: 'None' }, { level: 'Metadata' }]);
  });
});

describe('the packet filter', () => {
  const rule: Setting = {
    kind: 'firewall-rule',
    port: [2379, 2380],
    purpose: 'etcd',
    roles: ['control-plane'],
    sources: ['192.0.2.12', '2001:db8::/32', '192.0.2.11'],
  };
  const bundle = bundleOf([rendering('test/etcd', rule)]);
  const text = renderedFile(bundle, paths.firewall);

  test('opens a port to its sources and closes it to everybody else', () => {
    expect(text).toContain('tcp dport 2379-2380 ip saddr { 192.0.2.11, 192.0.2.12 } accept');
    expect(text).toContain('tcp dport 2379-2380 ip6 saddr { 2001:db8::/32 } accept');
    expect(text).toContain('tcp dport { 2379-2380 } counter drop');
  });

  test('names no table but its own', () => {
    const tables = [...text.matchAll(/^\s*(?:delete )?table (.+?)(?: \{)?$/gm)].map(([, table]) => table);
    expect(new Set(tables)).toEqual(new Set(['inet bulwark']));
    expect(text).not.toContain('flush ruleset');
  });

  test('is only where a rule concerns the node, with its package and service', () => {
    expect(hasFile(bundle, paths.firewall, 'worker-1')).toBe(false);
    const host = parse(bundle.get('nodes/cp-1/host.yaml') ?? '');
    expect(host.packages).toContain('nftables');
    expect(host.units[0]).toEqual({
      name: 'bulwark-firewall.service',
      enabled: true,
      state: 'started',
      controls: ['test/etcd'],
    });
  });
});

describe('what surrounds the cluster', () => {
  const networking = specInput().networking;

  test('the proxy reaches containerd and never the cluster itself', () => {
    const httpProxy = { url: 'http://proxy.example.org:3128/%20', noProxy: ['.example.org'] };
    const bundle = bundleOf([], { networking: { ...networking, httpProxy } });
    const text = renderedFile(bundle, '/etc/systemd/system/containerd.service.d/20-bulwark.conf', 'worker-1');
    expect(text).toContain('Environment="HTTPS_PROXY=http://proxy.example.org:3128/%%20"');
    expect(text).toMatch(/NO_PROXY=[^"]*192\.0\.2\.11,192\.0\.2\.21,192\.0\.2\.22,10\.244\.0\.0\/16,10\.96\.0\.0\/16,/);
  });

  test('name servers reach the kubelet, time servers timesyncd', () => {
    const bundle = bundleOf([], {
      networking: { ...networking, dnsUpstreams: ['192.0.2.53'], ntpServers: ['192.0.2.123'] },
    });
    expect(renderedFile(bundle, paths.resolvConf, 'worker-1')).toMatch(/^nameserver 192\.0\.2\.53$/m);
    expect(renderedFile(bundle, paths.init)).toContain(`\nresolvConf: ${paths.resolvConf}\n`);
    expect(renderedFile(bundle, '/etc/systemd/timesyncd.conf.d/bulwark.conf')).toMatch(/^NTP=192\.0\.2\.123$/m);
    const host = parse(bundle.get('nodes/worker-1/host.yaml') ?? '');
    expect(host.packages).toContain('systemd-timesyncd');
  });

  test('a blocked kernel module can be loaded by no name', () => {
    const bundle = bundleOf([rendering('test/module', { kind: 'kernel-module', name: 'dccp', state: 'blocked' })]);
    expect(renderedFile(bundle, '/etc/modprobe.d/bulwark.conf')).toMatch(
      /^blacklist dccp\ninstall dccp \/bin\/false$/m,
    );
  });
});

test('a file names the controls that shaped it', () => {
  const bundle = bundleOf([rendering('test/encryption', encrypted('secrets')), rendering('test/health', health)]);
  const header = (path: string) => /^(# .*\n)+/.exec(renderedFile(bundle, path))?.[0];
  expect(header(paths.encryption)).toBe(
    '# Rendered by bulwark: change the spec, not this file.\n# Shaped by:\n#   test/encryption\n',
  );
  expect(header(paths.init)).toContain('#   test/encryption\n#   test/health\n');
});
