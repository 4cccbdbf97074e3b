import type { Threat } from '../controls/control';
import type { ProfileName } from '../spec/cluster-spec';

/** A threat model: who is expected to attack, and who is trusted. The controls name the profiles that they are in. */
export interface Profile {
  readonly name: ProfileName;
  /** Whom it is for, in a sentence. */
  readonly summary: string;
  /** Who is expected to attack, and how. */
  readonly threats: Readonly<Partial<Record<Threat, string>>>;
  /** What the profile takes for granted; where it is not so, the other profile or more is needed. */
  readonly trusts: readonly string[];
}

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  'internet-facing': {
    name: 'internet-facing',
    summary: 'One team runs its services for the whole internet.',
    threats: {
      external: 'takes over a service and goes on from its pod: tokens, other pods, the node, the API',
      'supply-chain': 'brings code into an image or a dependency that runs in a pod',
      provider: 'reads disks, backups and the network between nodes',
      admin: 'makes a mistake, or loses a credential',
    },
    trusts: ['everybody who may deploy', 'the machines and the people who run them'],
  },
  'multi-team': {
    name: 'multi-team',
    summary: 'Teams that do not trust each other share a cluster inside an organisation.',
    threats: {
      user: 'may deploy into a namespace and reaches for those of others, the node or the control plane',
      external: 'takes over a service of one team and goes on from its pod',
      'supply-chain': 'brings code into an image or a dependency that runs in a pod',
      provider: 'reads disks, backups and the network between nodes',
      admin: 'makes a mistake, or loses a credential',
    },
    trusts: ['the people who run the cluster', 'the kernel that all teams share'],
  },
};
