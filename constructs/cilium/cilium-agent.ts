import { ApiObject, JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { apiServerEnvironment, type CiliumWorkloadProps, configVolume, mounts } from './cilium-workload';

/** A directory or file of the node that the agent sees, and where. */
const hostVolumes = {
  'cilium-run': { path: '/var/run/cilium', type: 'DirectoryOrCreate' },
  'cilium-netns': { path: '/var/run/netns', type: 'DirectoryOrCreate' },
  'bpf-maps': { path: '/sys/fs/bpf', type: 'Directory' },
  'host-proc': { path: '/proc', type: 'Directory' },
  'host-proc-sys-net': { path: '/proc/sys/net', type: 'Directory' },
  'host-proc-sys-kernel': { path: '/proc/sys/kernel', type: 'Directory' },
  'cni-bin': { path: '/opt/cni/bin', type: 'DirectoryOrCreate' },
  'cni-conf': { path: '/etc/cni/net.d', type: 'DirectoryOrCreate' },
} as const;

/**
 * The node's own bpf and cgroup v2 file systems, mounted in the node's namespaces because the agent's state and its
 * socket programs must outlive the agent's container and cover every pod's cgroup.
 */
const mountScript = [
  "nsenter --cgroup=/host/proc/1/ns/cgroup --mount=/host/proc/1/ns/mnt sh -ec '",
  'mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf',
  'mkdir -p /run/cilium/cgroupv2',
  "mountpoint -q /run/cilium/cgroupv2 || mount -t cgroup2 cgroup2 /run/cilium/cgroupv2'",
].join('\n');

/** Copied and renamed, so that the kubelet never runs half a program. */
const installScript = [
  'cp /opt/cni/bin/cilium-cni /host/opt/cni/bin/.cilium-cni.new',
  'mv -f /host/opt/cni/bin/.cilium-cni.new /host/opt/cni/bin/cilium-cni',
].join(' && ');

const healthProbe = (timing: Pick<k8s.Probe, 'failureThreshold' | 'periodSeconds' | 'timeoutSeconds'>): k8s.Probe => ({
  httpGet: {
    host: '127.0.0.1',
    path: '/healthz',
    port: k8s.IntOrString.fromNumber(9879),
    httpHeaders: [{ name: 'brief', value: 'true' }],
  },
  ...timing,
});

/**
 * The Cilium agent on every node. It is root on its node by nature (it loads kernel programs and configures the
 * network of every pod); it runs without `privileged`, with the capabilities below and no more.
 */
export function ciliumAgentPod(props: CiliumWorkloadProps): k8s.PodSpec {
  const step = (name: string, script: string): Pick<k8s.Container, 'name' | 'image' | 'command' | 'args'> => ({
    name,
    image: props.image,
    command: ['sh', '-ec'],
    args: [script],
  });
  return {
    serviceAccountName: 'cilium',
    hostNetwork: true,
    hostUsers: true,
    priorityClassName: 'system-node-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    terminationGracePeriodSeconds: 1,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    initContainers: [
      {
        ...step('mount-file-systems', mountScript),
        securityContext: {
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'], add: ['SYS_ADMIN', 'SYS_CHROOT', 'SYS_PTRACE'] },
        },
        volumeMounts: [{ name: 'host-proc', mountPath: '/host/proc', readOnly: true }],
      },
      {
        ...step('install-cni', installScript),
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'cni-bin', mountPath: '/host/opt/cni/bin' }],
      },
    ],
    containers: [
      {
        name: 'cilium-agent',
        image: props.image,
        command: ['cilium-agent'],
        args: ['--config-dir=/tmp/cilium/config-map'],
        env: [
          { name: 'K8S_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          { name: 'CILIUM_K8S_NAMESPACE', value: 'kube-system' },
          ...apiServerEnvironment(props.apiServer),
        ],
        startupProbe: healthProbe({ failureThreshold: 150, periodSeconds: 2 }),
        livenessProbe: healthProbe({ failureThreshold: 10, periodSeconds: 30, timeoutSeconds: 5 }),
        readinessProbe: healthProbe({ failureThreshold: 3, periodSeconds: 10, timeoutSeconds: 5 }),
        resources: { requests: { cpu: k8s.Quantity.fromString('50m'), memory: k8s.Quantity.fromString('192Mi') } },
        // It writes headers for the node's kernel among the sources of its data path: hence a writable root.
        securityContext: {
          capabilities: { drop: ['ALL'], add: ['CHOWN', 'IPC_LOCK', 'NET_ADMIN', 'NET_RAW', 'SYS_ADMIN'] },
        },
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [
          ...mounts,
          { name: 'host-proc-sys-net', mountPath: '/host/proc/sys/net' },
          { name: 'host-proc-sys-kernel', mountPath: '/host/proc/sys/kernel' },
          { name: 'bpf-maps', mountPath: '/sys/fs/bpf', mountPropagation: 'HostToContainer' },
          { name: 'cilium-run', mountPath: '/var/run/cilium' },
          { name: 'cilium-netns', mountPath: '/var/run/cilium/netns', mountPropagation: 'HostToContainer' },
          { name: 'cni-conf', mountPath: '/host/etc/cni/net.d' },
        ],
      },
    ],
    volumes: [...configVolume, ...Object.entries(hostVolumes).map(([name, hostPath]) => ({ name, hostPath }))],
  };
}

/** The DaemonSet of the agent. */
export class CiliumAgent extends k8s.KubeDaemonSet {
  constructor(scope: Construct, id: string, props: CiliumWorkloadProps) {
    const labels = { 'k8s-app': 'cilium' };
    super(scope, id, {
      metadata: { name: 'cilium', namespace: 'kube-system', labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(2) } },
        template: {
          metadata: { labels, annotations: { 'bulwark.dev/config-digest': props.configDigest } },
          spec: ciliumAgentPod(props),
        },
      },
    });
    // The runtime's default AppArmor profile forbids mounts. The field is newer than the typed API.
    ApiObject.of(this).addJsonPatch(
      JsonPatch.add('/spec/template/spec/securityContext/appArmorProfile', { type: 'Unconfined' }),
    );
  }
}
