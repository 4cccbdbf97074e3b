import { stringify } from 'yaml';
import type { ClusterSpecInput } from '../lib/spec/cluster-spec';
import type { LabHost } from './lab-host';
import type { LabMachines } from './types';
import { type LabWeakening, labWeakenings } from './weakenings';

/** A control that a lab's containers cannot hold, where the computer is as `forced` says. */
interface LabWaiver {
  readonly control: string;
  readonly reason: string;
  readonly forced: (host: LabHost) => boolean;
}

/** The lab's own words for why something is weaker. */
function reasonOf(id: LabWeakening['id']): string {
  const weakening = labWeakenings.find((each) => each.id === id);
  if (!weakening) throw new Error(`the lab knows no weakening ${id}`);
  return weakening.reason;
}

const always = () => true;

const labWaivers: readonly LabWaiver[] = [
  { control: 'kubelet/cgroup-v2', reason: reasonOf('cgroup-v1'), forced: ({ cgroupVersion }) => cgroupVersion === 1 },
  { control: 'kubelet/eviction-thresholds', reason: reasonOf('eviction-thresholds'), forced: always },
  {
    control: 'node/kernel-parameters',
    reason: 'The machines have this computer’s kernel, and a container does not see net.core.bpf_jit_harden.',
    forced: always,
  },
  { control: 'kubelet/swap', reason: reasonOf('swap'), forced: ({ swap }) => swap },
  { control: 'node/time-sync', reason: reasonOf('clock'), forced: always },
  { control: 'runtime/oom-score', reason: reasonOf('oom-score'), forced: ({ lowersOomScores }) => !lowersOomScores },
  {
    control: 'runtime/apparmor',
    reason: 'The machines run on this computer’s kernel, which has AppArmor switched off.',
    forced: ({ appArmor }) => !appArmor,
  },
  {
    control: 'network/pod-encryption',
    reason: 'The machines run on this computer’s kernel, which has no WireGuard.',
    forced: ({ wireGuard }) => !wireGuard,
  },
];

/** The spec of a lab: the profile that ships, and undated waivers of what a container forces. */
export function labSpec(machines: LabMachines, host: LabHost): ClusterSpecInput {
  return {
    name: machines.name,
    kubernetesVersion: '1.36',
    profile: 'internet-facing',
    ssh: { user: machines.ssh.user, become: 'sudo', identityFile: machines.ssh.identityFile },
    nodes: machines.nodes.map(({ name, role, address, hostKey }) => ({ name, role, address, hostKey })),
    networking: {
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.96.0.0/16',
      allowedApiCidrs: [machines.network.subnet],
      // Only this computer logs in on the machines.
      operatorCidrs: [machines.network.gateway],
    },
    // Names that no public registry serves: a lab's images are imported, not pulled.
    images: { registries: ['bulwark.dev', 'localhost', 'registry.example', 'registry.k8s.io'] },
    cni: { name: 'cilium', encryption: host.wireGuard ? 'wireguard' : 'none', kubeProxyReplacement: true },
    waivers: labWaivers
      .filter(({ forced }) => forced(host))
      .map(({ control, reason }) => ({ control, reason, owner: 'bulwark lab', platform: true })),
  };
}

/** The spec as the file `cluster.yaml` of the lab. */
export function labClusterYaml(machines: LabMachines, host: LabHost): string {
  const header = `# Written by \`bulwark lab up\` for machines in containers on this computer; written anew at each start.
# The waivers are what containers force here. On machines of your own none of them is needed.
`;
  return header + stringify(labSpec(machines, host), { lineWidth: 120 });
}
