import type { OnProgress } from '../apply/artifacts';

/** What a machine is for. The lab only remembers it. */
export type LabRole = 'control-plane' | 'worker';

/** A machine that is wanted. */
export interface LabNode {
  /** RFC 1123 label; also the machine's host name. */
  readonly name: string;
  readonly role: LabRole;
}

/** What `labUp` is asked for. */
export interface LabRequest {
  /** RFC 1123 label. Two labs with different names are independent and may run at the same time. */
  readonly name: string;
  /** At least one. The same list in the same order gives the same addresses. */
  readonly nodes: readonly LabNode[];
  /**
   * The lab keeps its SSH identity and known hosts in `machines/` below it, and `labDown` removes that. A lab that exists
   * keeps the directory that it was first given.
   */
  readonly stateDirectory: string;
  /** @default `$BULWARK_CACHE`, else `$XDG_CACHE_HOME/bulwark`, else `~/.cache/bulwark` */
  readonly cacheDirectory?: string;
  /** Mounted read-only at `artifactsMount` on each machine, so that nothing large is copied over SSH. */
  readonly artifactsDirectory?: string;
  /** @default silent */
  readonly onProgress?: OnProgress;
}

/** Where a machine finds the directory that `LabRequest.artifactsDirectory` names. */
export const artifactsMount = '/var/cache/bulwark/artifacts';

/** The machines' own network; its gateway is this computer. */
export interface LabNetwork {
  readonly name: string;
  readonly subnet: string;
  readonly gateway: string;
}

/** How to log in. The user may become root with sudo, without a password. */
export interface LabSsh {
  readonly user: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
}

/** A machine that runs. */
export interface LabMachine extends LabNode {
  readonly address: string;
  /** `ssh-ed25519 AAAA…`, read from the machine's file and not from the network. */
  readonly hostKey: string;
}

/** A lab that runs. */
export interface LabMachines {
  readonly name: string;
  readonly network: LabNetwork;
  readonly ssh: LabSsh;
  readonly nodes: readonly LabMachine[];
}
