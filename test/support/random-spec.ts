import { catalogue } from '../../lib/controls/registry';
import { profileNames } from '../../lib/profiles/profile';
import { roles, verificationSchedules } from '../../lib/spec/cluster-spec';
import { podSecurityLevels } from '../../lib/spec/pod-security-levels';
import { pick, type Random } from './random';
import { hostKeys } from './spec';

const addresses = ['192.0.2.11', '192.0.2.12', '192.0.2.13', '192.0.2.14', '2001:db8::11', '2001:db8::12'];
const ranges = ['10.244.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/24', 'fd00:10::/56', '192.0.2.0/24'];
const names = ['shop', 'web', 'default', 'kube-system', 'team-a', 'x'];
const reason = 'it is so because the test wants it to be so';

/** A spec that uses every part of the schema at random. Most are consistent, many are not: who parses must tell. */
export function randomSpec(random: Random): Record<string, unknown> {
  const some = <T>(make: () => T, chance = 0.3): T | undefined => (random() < chance ? make() : undefined);
  const several = <T>(most: number, make: (index: number) => T): T[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, (_, index) => make(index));
  /** Now and then what is wrong, or odd, or seldom. */
  const rarely = <T>(odd: T, usual: T): T => (random() < 0.04 ? odd : usual);
  const flag = () => random() < 0.5;
  const name = () => pick(random, names);
  const jump = () => ({ address: '198.51.100.1', hostKey: pick(random, hostKeys), user: 'ops' });
  const ssh = () => ({
    user: pick(random, ['root', 'ops', "o'ps"]),
    port: pick(random, [22, 2222, 65535]),
    become: some(() => rarely('none', 'sudo')),
    identityFile: some(() => '~/a key'),
    jump: some(jump),
  });
  const controlPlanes = pick(random, [1, 1, 3]);
  const nodes = Array.from({ length: controlPlanes + Math.floor(random() * 3) }, (_, index) => ({
    name: rarely('node-0', `node-${index}`),
    role: rarely(pick(random, roles), index < controlPlanes ? 'control-plane' : 'worker'),
    address: rarely(pick(random, addresses), addresses[index]),
    hostKey: pick(random, hostKeys),
    labels: some(() => ({ 'example.org/rack': 'r1' })),
    taints: some(() => [{ key: 'only', effect: 'NoSchedule' }]),
    ssh: some(ssh, 0.2),
  }));
  const spec = {
    name: rarely(name(), 'example'),
    kubernetesVersion: some(() => rarely('1.99', pick(random, ['1.36', '1.36.3']))),
    profile: pick(random, [undefined, ...profileNames]),
    nodes,
    ssh: some(ssh),
    networking: {
      podCidr: some(() => rarely(pick(random, ranges), '10.244.0.0/16')),
      serviceCidr: some(() => rarely(pick(random, ranges), '172.20.0.0/16')),
      dnsDomain: some(() => pick(random, ['cluster.local', 'corp.example.org'])),
      controlPlaneEndpoint: some(() => pick(random, ['api.example.org:6443', '192.0.2.11:6443', '[2001:db8::9]:443'])),
      certificateNames: some(() => ['api.example.org', '198.51.100.9']),
      allowedApiCidrs: [pick(random, ['0.0.0.0/0', '198.51.100.0/24', '198.51.100.7'])],
      operatorCidrs: [pick(random, ['198.51.100.7', '10.0.0.0/8'])],
      dnsUpstreams: some(() => ['198.51.100.53']),
      ntpServers: some(() => ['time.example.org']),
      httpProxy: some(() => ({ url: 'http://proxy.example.org:3128', noProxy: several(2, name) })),
    },
    authentication: some(() => ({
      oidc: several(2, (index) => ({
        issuerUrl: `https://issuer-${index}.example.org`,
        audiences: ['kubernetes'],
        usernamePrefix: `oidc-${index}:`,
        ...(flag() && { groupsClaim: 'groups', groupsPrefix: rarely(undefined, 'oidc:') }),
      })),
    })),
    encryption: some(() => ({
      resources: several(2, () => pick(random, ['events', 'widgets.example.org', 'leases'])),
    })),
    namespaces: some(() =>
      several(3, (index) => ({
        name: rarely(name(), `team-${index}`),
        ...(flag() && {
          level: pick(random, podSecurityLevels),
          waiver: rarely(undefined, { reason, owner: 'us', expires: '2030-01-31' }),
        }),
      })),
    ),
    registry: some(() => ({ mirror: 'https://mirror.example.org' }), 0.2),
    cni: some(() =>
      pick(random, [
        { name: 'cilium', encryption: rarely('none', 'wireguard'), kubeProxyReplacement: flag() },
        { name: 'external', enforcesNetworkPolicies: rarely(false, true) },
      ]),
    ),
    verification: some(() => ({
      schedule: rarely('monthly', pick(random, verificationSchedules)),
      metricsDirectory: some(() => rarely('/tmp', '/srv/metrics/text')),
    })),
    metricsServer: some(flag),
    artifacts: some(() => ({ source: 'offline', directory: './artifacts' })),
    extraArguments: some(() => ({
      'kube-apiserver': {
        [pick(random, ['v', 'profiling', 'max-requests-inflight'])]: pick(random, ['2', 'true', '400']),
      },
    })),
    waivers: several(3, () => ({
      control: rarely('no/such-control', pick(random, catalogue).id),
      reason: rarely('short', reason),
      owner: 'us',
      expires: rarely('2025-01-31', '2030-01-31'),
      platform: some(flag),
      nodes: some(() => [rarely('node-9', 'node-0')]),
    })),
  };
  // Fields that are undefined are left out, as a file would.
  return JSON.parse(JSON.stringify(spec));
}
