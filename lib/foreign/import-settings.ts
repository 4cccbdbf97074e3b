import { show } from '../checks/values';
import type { Json } from '../settings/setting';
import { ipAddress } from '../spec/primitives';
import type { ClusterFacts } from './cluster-facts';
import type { Taken } from './taken';

/** Resolvers that CoreDNS asks; each node's own are the default. */
export function dnsUpstreamsOf({ corefile }: ClusterFacts): Taken<readonly string[]> {
  if ('unseen' in corefile) return { value: [], lost: [], unread: [`the Corefile of CoreDNS: ${corefile.unseen}`] };
  const targets = (/^\s*forward\s+\.\s+([^{\n]+)/m.exec(corefile.fact ?? '')?.[1] ?? '')
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  const addresses = targets.filter((one) => ipAddress.safeParse(one).success);
  const others = targets.filter((one) => !addresses.includes(one) && one !== '/etc/resolv.conf');
  return {
    value: addresses,
    lost: others.map((one) => `CoreDNS forwards to ${one}: a spec takes addresses, in dnsUpstreams`),
    unread: [],
  };
}

/** What kubeadm writes of itself, or from what a spec has. */
const kubeletFieldsOfKubeadm = new Set([
  'apiVersion',
  'kind',
  'authentication',
  'authorization',
  'cgroupDriver',
  'clusterDNS',
  'clusterDomain',
  'containerRuntimeEndpoint',
  'healthzBindAddress',
  'healthzPort',
  'imageMaximumGCAge',
  'logging',
  'resolvConf',
  'rotateCertificates',
  'staticPodPath',
]);

/** Fields of the kubelets' configuration that neither kubeadm nor a control gave them. */
export function kubeletFieldsOf({ kubeletConfiguration }: ClusterFacts, owned: ReadonlySet<string>): Taken<undefined> {
  if ('unseen' in kubeletConfiguration) {
    return { value: undefined, lost: [], unread: [`the kubelets’ configuration: ${kubeletConfiguration.unseen}`] };
  }
  const fields = Object.entries((kubeletConfiguration.fact ?? {}) as Readonly<Record<string, Json>>);
  const lost = fields
    .filter(([name, value]) => !kubeletFieldsOfKubeadm.has(name) && !owned.has(name) && !isZero(value))
    .map(([name, value]) => `kubelet: ${name}: ${show(value)}: a spec has no place for it`);
  return { value: undefined, lost, unread: [] };
}

/** Values that kubeadm writes for `the kubelet’s own default`. */
const isZero = (value: Json): boolean =>
  value === null ||
  value === 0 ||
  value === '' ||
  value === '0s' ||
  (typeof value === 'object' && Object.values(value).every(isZero));
