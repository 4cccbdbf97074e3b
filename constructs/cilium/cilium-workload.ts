import type { k8s } from 'cdk8s-plus-27';

/** What agent and operator have in common. */
export interface CiliumWorkloadProps {
  readonly image: string;
  /** Reached directly: with kube-proxy replaced, the service address does not work before Cilium does. */
  readonly apiServer: { readonly host: string; readonly port: number };
  readonly configDigest: string;
}

export const apiServerEnvironment = ({ host, port }: CiliumWorkloadProps['apiServer']): k8s.EnvVar[] => [
  { name: 'KUBERNETES_SERVICE_HOST', value: host },
  { name: 'KUBERNETES_SERVICE_PORT', value: String(port) },
];

/** The ConfigMap is mounted as it is; the programs read one file an option. */
export const configVolume: readonly k8s.Volume[] = [
  { name: 'cilium-config', configMap: { name: 'cilium-config' } },
  { name: 'tmp', emptyDir: {} },
];

export const mounts: readonly k8s.VolumeMount[] = [
  { name: 'tmp', mountPath: '/tmp' },
  { name: 'cilium-config', mountPath: '/tmp/cilium/config-map', readOnly: true },
];
