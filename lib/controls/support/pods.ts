import type { Json } from '../../settings/setting';

const pod = (namespace: string, name: string, spec: { readonly [key: string]: Json }): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec,
});

/** Privileged, with the root of the node mounted: the third attack of the founding thesis. */
export const rootMountPod = (namespace: string): Json => pod(namespace, 'bulwark-probe-root-mount', rootMountSpec);

/** The spec of `rootMountPod`. */
const rootMountSpec: { readonly [key: string]: Json } = {
  // Tokens of the default account are refused by another control, which must not answer first.
  automountServiceAccountToken: false,
  containers: [
    {
      name: 'probe',
      image: 'registry.k8s.io/pause:3.10',
      securityContext: { privileged: true },
      volumeMounts: [{ name: 'root', mountPath: '/rootfs' }],
    },
  ],
  volumes: [{ name: 'root', hostPath: { path: '/' } }],
};

/** A pod that every policy admits. */
export const plainPod = (namespace: string): Json => restrictedPod(namespace, 'bulwark-probe-plain');

/** A pod that the restricted standard admits, so that another rule decides on what is added. */
export const restrictedPod = (
  namespace: string,
  name: string,
  spec: { readonly [key: string]: Json } = {},
  container: { readonly [key: string]: Json } = {},
): Json => pod(namespace, name, restrictedSpec(spec, container));

/** Of no image: probes are never started. */
const digest = `sha256:${'0'.repeat(64)}`;

/** The spec of `restrictedPod`. */
const restrictedSpec = (
  spec: { readonly [key: string]: Json } = {},
  container: { readonly [key: string]: Json } = {},
): { readonly [key: string]: Json } => ({
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'probe',
      image: `registry.k8s.io/pause:3.10@${digest}`,
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      ...container,
    },
  ],
  ...spec,
});

const deployment = (namespace: string, name: string, spec: { readonly [key: string]: Json }): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec },
  },
});

/** A Deployment of `rootMountPod`. */
export const rootMountDeployment = (namespace: string): Json =>
  deployment(namespace, 'bulwark-probe-root-mount', rootMountSpec);

/** A Deployment of `plainPod`. */
export const plainDeployment = (namespace: string): Json =>
  deployment(namespace, 'bulwark-probe-plain', restrictedSpec());
