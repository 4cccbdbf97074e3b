import type { Release } from './release';

/** Image references of a release: the names that kubeadm and our manifests ask the runtime for. */
export interface ReleaseImages {
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly kubeProxy: string;
  readonly etcd: string;
  readonly coredns: string;
  readonly pause: string;
  readonly ciliumAgent: string;
  readonly ciliumOperator: string;
  readonly metricsServer: string;
}

/** The first seven are what `kubeadm config images list` of the release prints. */
export function imagesOf(release: Release): ReleaseImages {
  const kubernetes = (name: string) => `registry.k8s.io/${name}:v${release.kubernetes}`;
  return {
    kubeApiserver: kubernetes('kube-apiserver'),
    kubeControllerManager: kubernetes('kube-controller-manager'),
    kubeScheduler: kubernetes('kube-scheduler'),
    kubeProxy: kubernetes('kube-proxy'),
    etcd: `registry.k8s.io/etcd:${release.etcd}-0`,
    coredns: `registry.k8s.io/coredns/coredns:v${release.coredns}`,
    pause: `registry.k8s.io/pause:${release.pause}`,
    ciliumAgent: `quay.io/cilium/cilium:v${release.cilium}`,
    ciliumOperator: `quay.io/cilium/operator-generic:v${release.cilium}`,
    metricsServer: `registry.k8s.io/metrics-server/metrics-server:v${release.metricsServer}`,
  };
}
