import type { Planning } from '../plan/planning';
import { type Tree, treeOf } from '../render/fields';

/** KubeProxyConfiguration, for clusters that keep kube-proxy. */
export function kubeProxyConfiguration({ cluster, settings }: Planning): Tree {
  return treeOf(
    {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      clusterCIDR: cluster.spec.networking.podCidr,
    },
    settings.of('kube-proxy-field'),
  );
}
