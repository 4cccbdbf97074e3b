import type { Profile, ProfileName } from './profile';

const insiders = {
  'supply-chain': 'brings code into an image or a dependency that runs in a pod',
  provider: 'reads disks, backups and the network between nodes',
  admin: 'makes a mistake, or loses a credential',
} as const;

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  'internet-facing': {
    name: 'internet-facing',
    summary: 'One team runs its services for the whole internet.',
    threats: {
      external:
        'guesses credentials and floods the API server; takes over a service and goes on from its pod: tokens, other pods, the node, the API',
      ...insiders,
    },
    trusts: ['everybody who may deploy', 'the machines and the people who run them'],
    limits: ['Whoever may deploy may use up the cluster, and open ports on its nodes.'],
  },
  'multi-team': {
    name: 'multi-team',
    summary: 'Teams that do not trust each other share a cluster inside an organisation.',
    threats: {
      user: 'may deploy into a namespace and reaches for those of others, the node or the control plane; takes more than a fair share of either',
      external: 'takes over a service of one team and goes on from its pod',
      ...insiders,
    },
    trusts: ['the people who run the cluster', 'the kernel that all teams share'],
    limits: [
      'Quotas and rights belong to a team, not to a cluster: the construct `Tenant` makes them.',
      'New connections to the API server are not limited by address, because users behind one proxy share theirs.',
    ],
    values: { 'kubelet/pod-pids-limit': 1024 },
  },
  strict: {
    name: 'strict',
    summary: 'A cluster that is measured by the letter of the DISA STIG, and shared like one of several teams.',
    threats: {
      user: 'as with multi-team, and leaves no full record of what was asked for and answered',
      external: 'records traffic or weakens handshakes, and takes over a service',
      ...insiders,
    },
    trusts: ['the people who run the cluster', 'the kernel that all teams share', 'who reads the audit log'],
    limits: [
      'The audit log holds what workloads are made of, and grows about as fast as the API server is used.',
      'Clients that do not speak TLS 1.3 cannot connect.',
      'AlwaysPullImages stays off: it stops images that were imported, and the kubelet’s own check of credentials does what it is for.',
      'sshd stays on, from operators’ networks only, because nodes are kept by Ansible; the STIG’s demands that nobody can meet any more (removed feature gates) are listed as deviations.',
    ],
    extends: 'multi-team',
    values: {
      'audit/log-maxage': 90,
      'audit/log-maxbackup': 30,
      'kube-apiserver/tls': 'TLS 1.3',
      'kube-controller-manager/tls': 'TLS 1.3',
      'kube-scheduler/tls': 'TLS 1.3',
      'kubelet/tls': 'TLS 1.3',
    },
  },
};
