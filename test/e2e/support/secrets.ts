import type { LabMachines } from '../../../lab';
import { sshRoot } from './lab-target';
import type { SecretSampler } from './secret-sampler';
import { must } from './shell';

/** Files in which a secret may lie for a while: the sampler reads them while they exist. */
export const passingVaults = {
  /** The administrator's credential of a run. */
  admin: '/etc/kubernetes/admin.conf',
  superAdmin: '/etc/kubernetes/super-admin.conf',
  /** A worker's join token. */
  discovery: '/etc/kubernetes/bulwark/kubeadm/discovery.conf',
  bootstrap: '/etc/kubernetes/bootstrap-kubelet.conf',
} as const;

/** Files that keep a secret for the lifetime of the cluster, on the control plane. */
const keptVaults = {
  'cluster CA key': '/etc/kubernetes/pki/ca.key',
  'front-proxy CA key': '/etc/kubernetes/pki/front-proxy-ca.key',
  'etcd CA key': '/etc/kubernetes/pki/etcd/ca.key',
  'service account key': '/etc/kubernetes/pki/sa.key',
  'encryption key': '/etc/kubernetes/bulwark/apiserver/encryption/config.yaml',
} as const;

/** The values of every secret of a run, by name: those that the nodes keep and those that the sampler saw pass. */
export async function secretsOf(machines: LabMachines, sampler: SecretSampler): Promise<Map<string, string[]>> {
  const controlPlane = machines.nodes.find(({ role }) => role === 'control-plane');
  if (!controlPlane) throw new Error('no control plane');
  const secrets = new Map<string, string[]>();
  for (const [name, path] of Object.entries(keptVaults)) {
    const text = await must(sshRoot(machines, controlPlane, `cat ${path}`));
    secrets.set(name, name === 'encryption key' ? encryptionKeys(text) : piecesOfKey(text));
  }
  const passed = (path: string) => sampler.vault(path);
  secrets.set(
    'admin client key',
    [...passed(passingVaults.admin), ...passed(passingVaults.superAdmin)].flatMap(clientKeys),
  );
  secrets.set('join token', [...passed(passingVaults.discovery), ...passed(passingVaults.bootstrap)].flatMap(tokens));
  return secrets;
}

const encryptionKeys = (text: string): string[] => [...text.matchAll(/secret:\s*(\S+)/g)].map(([, key]) => key ?? '');

const tokens = (text: string): string[] =>
  [...text.matchAll(/token:\s*([a-z0-9]{6}\.[a-z0-9]{16})/g)].map(([, token]) => token ?? '');

const clientKeys = (text: string): string[] =>
  [...text.matchAll(/client-key-data:\s*(\S+)/g)].flatMap(([, data]) => [
    ...piecesOfCode(data ?? ''),
    ...piecesOfKey(Buffer.from(data ?? '', 'base64').toString()),
  ]);

/** A key is searched for by a line from its middle, as PEM and as the base64 of PEM that kubeconfigs carry. */
function piecesOfKey(pem: string): string[] {
  const lines = pem.split('\n').filter((line) => /^[A-Za-z0-9+/]{40,64}$/.test(line));
  const middle = lines[Math.floor(lines.length / 2)];
  if (!middle) throw new Error('not a key in PEM');
  return [middle, ...piecesOfCode(Buffer.from(pem).toString('base64'))];
}

const piecesOfCode = (base64: string): string[] => [base64.slice(base64.length / 2, base64.length / 2 + 60)];
