import type { WorkloadWaiver } from '../../lib/lint/waiver';

/** A directory that containers may write to; its content is gone with the pod. */
export interface ScratchVolume {
  /** Where containers find it, for example `/tmp`. */
  readonly path: string;
  /** Largest size, in MiB; a pod that writes more is evicted. @default 64 */
  readonly sizeMebibytes?: number;
  /** Whether it lies in memory, and counts as the containers' memory. @default false */
  readonly inMemory?: boolean;
  /** The one container that mounts it. @default every container */
  readonly container?: string;
}

/** A service-account token that is good for one audience and a short time. The kubelet renews it in time. */
export interface ServiceAccountToken {
  /** Who accepts the token, for example `https://kubernetes.default.svc.cluster.local` for the API server. */
  readonly audience: string;
  /** Life in seconds, 600 to 3600. @default 3600 */
  readonly expirationSeconds?: number;
  /** Where clients look for it. @default /var/run/secrets/kubernetes.io/serviceaccount */
  readonly path?: string;
}

/** How the pods of a workload are hardened beyond what every pod gets. */
export interface PodHardeningProps {
  /** Controls that the workload knowingly breaks; shown as the annotation `bulwark.dev/waivers`. @default none */
  readonly waivers?: WorkloadWaiver[];
  /** What may be written to beside volumes: the root file system is read-only. @default none */
  readonly scratch?: ScratchVolume[];
  /** For programs that talk to the API server. Needs a service account of the workload's own. @default no token */
  readonly token?: ServiceAccountToken;
  /**
   * Whether the pod's users are its own, so that root in a container is nobody on the node (`hostUsers: false`).
   * Without it, waive `pods/user-namespace`. @default true
   */
  readonly userNamespace?: boolean;
  /** Ask for the runtime's AppArmor profile by name. Nodes without AppArmor refuse such pods. @default false */
  readonly appArmor?: boolean;
  /** Name of an existing PriorityClass. @default the cluster's default */
  readonly priorityClassName?: string;
}
