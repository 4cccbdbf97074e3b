/** The component versions that make up one Kubernetes release, as tested together. Versions carry no leading `v`. */
export interface Release {
  readonly kubernetes: string;
  /** The etcd that kubeadm of this release starts; its image tag is `<version>-0`. */
  readonly etcd: string;
  readonly coredns: string;
  readonly pause: string;
  readonly containerd: string;
  readonly runc: string;
  readonly cniPlugins: string;
  readonly cilium: string;
  readonly metricsServer: string;
}

/**
 * Releases by Kubernetes minor. This is the one place where a component version is declared; a test holds it against
 * the Go modules that are built.
 *
 * etcd and CoreDNS follow what kubeadm of the release ships, because `kubeadm upgrade` plans from those. The etcd
 * advisories fixed since (GHSA-rfx7-8w68-q57q, GHSA-x35m-3gp4-4fh5, GHSA-xg4h-6gfc-h4m8) bypass etcd's own RBAC, which
 * Kubernetes does not use; the CoreDNS one (CVE-2026-32936) needs the DNS-over-HTTPS listener, which kubeadm's
 * Corefile does not open.
 */
export const releases = {
  '1.36': {
    kubernetes: '1.36.3',
    etcd: '3.6.8',
    coredns: '1.14.2',
    pause: '3.10.2',
    containerd: '2.4.2',
    runc: '1.5.2',
    cniPlugins: '1.9.1',
    cilium: '1.20.2',
    metricsServer: '0.9.0',
  },
} as const satisfies Record<string, Release>;

/** A supported Kubernetes minor, for example `1.36`. */
export type Minor = keyof typeof releases;

/** The supported minors, oldest first. */
export const minors = Object.keys(releases) as Minor[];
