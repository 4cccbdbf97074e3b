/**
 * What kind of thing a container forces:
 * - `setting`: a document says something else than on a machine of its own
 * - `missing`: a program or a feature cannot run
 * - `shared`: the machine sees or sets what belongs to this computer
 */
export type WeakeningKind = 'setting' | 'missing' | 'shared';

/** One thing that is weaker on a lab machine than on a machine of its own. The rest is what ships. */
export interface LabWeakening {
  readonly id: string;
  readonly kind: WeakeningKind;
  /** What is weaker. */
  readonly what: string;
  /** Why a container forces it; a waiver can take it as its reason. */
  readonly reason: string;
  /** The setting that the lab needs, for kind `setting`. */
  readonly setting?: {
    readonly document: 'kubeadm' | 'kubelet' | 'containerd';
    readonly path: string;
    readonly value: unknown;
  };
  /** Given where it holds on some computers only. */
  readonly onlyOn?: 'cgroup v1' | 'computers with swap' | 'computers whose root lacks CAP_SYS_RESOURCE';
}

/** Everything that the lab's containers force. */
export const labWeakenings: readonly LabWeakening[] = [
  {
    id: 'cgroup-v1',
    kind: 'setting',
    what: 'The kubelet accepts cgroup v1.',
    reason: 'A container has the cgroup version of the computer that it runs on, and the kubelet refuses version 1.',
    setting: { document: 'kubelet', path: 'failCgroupV1', value: false },
    onlyOn: 'cgroup v1',
  },
  {
    id: 'cgroup-v1-preflight',
    kind: 'setting',
    what: 'kubeadm does not stop where its check of the kernel and its cgroups fails.',
    reason: 'kubeadm treats cgroup v1 as a fatal error of this check even where the kubelet was told to accept it.',
    setting: { document: 'kubeadm', path: 'nodeRegistration.ignorePreflightErrors', value: ['SystemVerification'] },
    onlyOn: 'cgroup v1',
  },
  {
    id: 'oom-score',
    kind: 'setting',
    what: 'Pods cannot get a lower out-of-memory score than containerd has.',
    reason: 'Lowering a score needs CAP_SYS_RESOURCE, which a container cannot have where its computer lacks it.',
    setting: {
      document: 'containerd',
      path: "plugins.'io.containerd.cri.v1.runtime'.restrict_oom_score_adj",
      value: true,
    },
    onlyOn: 'computers whose root lacks CAP_SYS_RESOURCE',
  },
  {
    id: 'eviction-thresholds',
    kind: 'setting',
    what: 'The kubelet evicts pods at absolute amounts of free disk, not at a share of it.',
    reason:
      'All machines share this computer’s disk: a share of it that others fill would evict pods and delete images.',
    setting: {
      document: 'kubelet',
      path: 'evictionHard',
      value: {
        'memory.available': '100Mi',
        'nodefs.available': '500Mi',
        'nodefs.inodesFree': '1000',
        'imagefs.available': '500Mi',
        'imagefs.inodesFree': '1000',
      },
    },
  },
  {
    id: 'image-garbage-collection',
    kind: 'setting',
    what: 'The kubelet never deletes images because the disk is full.',
    reason: 'It measures this computer’s disk, and images that were imported rather than pulled cannot come back.',
    setting: { document: 'kubelet', path: 'imageGCHighThresholdPercent', value: 100 },
  },
  {
    id: 'auditd',
    kind: 'missing',
    what: 'No auditd: the kernel’s audit log cannot be kept.',
    reason: 'The kernel has one audit daemon, which a container in its own process namespace may not become.',
  },
  {
    id: 'clock',
    kind: 'shared',
    what: 'No time service: the clock is this computer’s.',
    reason: 'The kernel has one clock; a machine that set it would set it for this computer and all other machines.',
  },
  {
    id: 'kernel-modules',
    kind: 'shared',
    what: 'Modules are loaded into this computer’s kernel, and blocking one here blocks nothing.',
    reason: 'The machines run on this computer’s kernel; where it is built without modules there are none to load.',
  },
  {
    id: 'kernel-settings',
    kind: 'shared',
    what: 'Kernel settings outside of the network are this computer’s: kernel.*, vm.* and most of fs.*.',
    reason:
      'Only network, IPC and host-name settings exist once per container; the lab restores the others afterwards.',
  },
  {
    id: 'swap',
    kind: 'setting',
    what: 'The kubelet starts although there is swap.',
    reason: 'A machine sees this computer’s swap, and must not turn it off for the computer that it runs on.',
    setting: { document: 'kubelet', path: 'failSwapOn', value: false },
    onlyOn: 'computers with swap',
  },
  {
    id: 'kernel-log',
    kind: 'shared',
    what: 'A machine’s root can read this computer’s kernel log.',
    reason: 'The kubelet reads /dev/kmsg to see processes killed for lack of memory, and there is only one.',
  },
  {
    id: 'devices',
    kind: 'shared',
    what: 'A machine’s root is root on this computer too, if it wants to be.',
    reason:
      'The kubelet and Cilium need a privileged container, whose root can make any device node; use no real data.',
  },
  {
    id: 'partitions',
    kind: 'missing',
    what: 'No partitions of their own for /var, /tmp or the audit log, no boot loader and no disk encryption.',
    reason: 'A container has no disk and no boot of its own: its folders are volumes on this computer’s disk.',
  },
];
