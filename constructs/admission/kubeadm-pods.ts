import type { k8s } from 'cdk8s-plus-27';
import { imagesOf } from '../../lib/release';
import type { ResolvedCluster } from '../../lib/resolved-cluster';

/**
 * The pods, beside static ones, that kubeadm of the release runs in kube-system, in the fields that the guard of
 * exempt namespaces compares. A test holds them against the objects that kubeadm creates.
 */
export function kubeadmPods(cluster: ResolvedCluster): readonly k8s.PodSpec[] {
  const images = imagesOf(cluster.release);
  const coredns: k8s.PodSpec = {
    serviceAccountName: 'coredns',
    containers: [
      {
        name: 'coredns',
        image: images.coredns,
        args: ['-conf', '/etc/coredns/Corefile'],
        securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } },
        volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns' }],
      },
    ],
    volumes: [{ name: 'config-volume', configMap: { name: 'coredns' } }],
  };
  /** The job that `kubeadm upgrade` starts to see whether the cluster runs pods. */
  const upgradeHealthCheck: k8s.PodSpec = {
    containers: [{ name: 'upgrade-health-check', image: images.pause, args: ['-v'] }],
  };
  const kubeProxy: k8s.PodSpec = {
    serviceAccountName: 'kube-proxy',
    hostNetwork: true,
    containers: [
      {
        name: 'kube-proxy',
        image: images.kubeProxy,
        command: [
          '/usr/local/bin/kube-proxy',
          '--config=/var/lib/kube-proxy/config.conf',
          '--hostname-override=$(NODE_NAME)',
        ],
        env: [{ name: 'NODE_NAME' }],
        securityContext: { privileged: true },
        volumeMounts: [
          { name: 'kube-proxy', mountPath: '/var/lib/kube-proxy' },
          { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
          { name: 'lib-modules', mountPath: '/lib/modules' },
        ],
      },
    ],
    volumes: [
      { name: 'kube-proxy', configMap: { name: 'kube-proxy' } },
      { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock' } },
      { name: 'lib-modules', hostPath: { path: '/lib/modules' } },
    ],
  };
  return [coredns, upgradeHealthCheck, ...(cluster.keepsKubeProxy ? [kubeProxy] : [])];
}
