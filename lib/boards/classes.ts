/** Classes of Raspberry Pi; compute modules and keyboards count as the model that they are made of. */
export const boardNames = ['pi-3', 'pi-4', 'pi-5'] as const;
export type BoardName = (typeof boardNames)[number];

/** How fast etcd's members talk, in milliseconds. */
export interface EtcdTiming {
  readonly heartbeat: number;
  /** Ten heartbeats, as etcd's tuning guide advises. */
  readonly election: number;
}

/** What one class of board is given. The numbers are chosen from its memory and processor; none was measured on one. */
export interface Board {
  /** How the device tree's `model` begins. */
  readonly models: readonly [string, ...string[]];
  readonly roles: readonly ('control-plane' | 'worker')[];
  /** Go's name; a 32-bit system on the same board is refused. */
  readonly arch: 'arm64';
  /** How long kubeadm waits, as Go durations. Ansible's own limit of 15 minutes lies above. */
  readonly kubeadm: {
    readonly controlPlaneComponentHealthCheck: string;
    readonly kubeletHealthCheck: string;
    readonly tlsBootstrap: string;
  };
  /** Its own, for three control planes that keep etcd on it. */
  readonly etcd: EtcdTiming;
  /** What pods do not get: the kubelet and containerd, then everything else of the system. */
  readonly reserved: {
    readonly kube: { readonly cpu: string; readonly memory: string };
    readonly system: { readonly cpu: string; readonly memory: string };
  };
}

export const boards: Readonly<Record<BoardName, Board>> = {
  'pi-3': {
    models: ['Raspberry Pi 3', 'Raspberry Pi Compute Module 3'],
    // 1 GiB of memory; kubeadm wants 1.7 GB for a control plane.
    roles: ['worker'],
    arch: 'arm64',
    kubeadm: { controlPlaneComponentHealthCheck: '8m0s', kubeletHealthCheck: '8m0s', tlsBootstrap: '10m0s' },
    etcd: { heartbeat: 500, election: 5000 },
    reserved: { kube: { cpu: '200m', memory: '150Mi' }, system: { cpu: '100m', memory: '100Mi' } },
  },
  'pi-4': {
    models: ['Raspberry Pi 4', 'Raspberry Pi Compute Module 4'],
    roles: ['control-plane', 'worker'],
    arch: 'arm64',
    kubeadm: { controlPlaneComponentHealthCheck: '8m0s', kubeletHealthCheck: '6m0s', tlsBootstrap: '10m0s' },
    etcd: { heartbeat: 500, election: 5000 },
    reserved: { kube: { cpu: '200m', memory: '200Mi' }, system: { cpu: '100m', memory: '150Mi' } },
  },
  'pi-5': {
    models: ['Raspberry Pi 5', 'Raspberry Pi Compute Module 5'],
    roles: ['control-plane', 'worker'],
    arch: 'arm64',
    kubeadm: { controlPlaneComponentHealthCheck: '6m0s', kubeletHealthCheck: '4m0s', tlsBootstrap: '5m0s' },
    etcd: { heartbeat: 250, election: 2500 },
    reserved: { kube: { cpu: '200m', memory: '250Mi' }, system: { cpu: '100m', memory: '200Mi' } },
  },
};
