import type { k8s } from 'cdk8s-plus-27';

/**
 * What the pods of one service account may look like in an exempt namespace: everything through which a pod could run
 * other code, or reach more of the node, than the workload that it stands for.
 */
export interface AllowedPod {
  readonly account: string;
  readonly images: readonly string[];
  /** `command` and `args` of a container, joined by spaces. */
  readonly commands: readonly string[];
  /** Capabilities added; `privileged` stands for a privileged container. */
  readonly capabilities: readonly string[];
  /** `hostNetwork`, `hostPID`, `hostIPC`. */
  readonly hostNamespaces: readonly string[];
  readonly hostPaths: readonly string[];
  readonly configMaps: readonly string[];
  readonly secrets: readonly string[];
  readonly mountPaths: readonly string[];
  /** Names of environment variables. */
  readonly environment: readonly string[];
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** Describes the pods of a workload, so that the allow-list cannot drift from what is deployed. */
export function allowedPodOf(pod: k8s.PodSpec): AllowedPod {
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  const volumes = pod.volumes ?? [];
  return {
    account: pod.serviceAccountName ?? 'default',
    images: unique(containers.map((container) => container.image ?? '')),
    commands: unique(
      containers.map((container) => [...(container.command ?? []), ...(container.args ?? [])].join(' ')),
    ),
    capabilities: unique(
      containers.flatMap(({ securityContext }) => [
        ...(securityContext?.capabilities?.add ?? []),
        ...(securityContext?.privileged ? ['privileged'] : []),
      ]),
    ),
    hostNamespaces: (['hostIPC', 'hostNetwork', 'hostPID'] as const).filter(
      (namespace) => pod[namespaceProperty[namespace]],
    ),
    hostPaths: unique(volumes.flatMap((volume) => (volume.hostPath ? [volume.hostPath.path] : []))),
    configMaps: unique(volumes.flatMap((volume) => (volume.configMap?.name ? [volume.configMap.name] : []))),
    secrets: unique(volumes.flatMap((volume) => (volume.secret?.secretName ? [volume.secret.secretName] : []))),
    mountPaths: unique(containers.flatMap(({ volumeMounts }) => (volumeMounts ?? []).map((mount) => mount.mountPath))),
    environment: unique(containers.flatMap(({ env }) => (env ?? []).map((variable) => variable.name))),
  };
}

/** cdk8s-plus spells these fields its own way. */
const namespaceProperty = { hostIPC: 'hostIpc', hostNetwork: 'hostNetwork', hostPID: 'hostPid' } as const;
