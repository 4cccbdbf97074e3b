import type { Fields } from '../../../lib/fields';

/** A pod with the label `app: <name>`. */
export const pod = (
  name: string,
  {
    namespace = 'shop',
    labels = {},
    ports = [],
    spec = {},
  }: { namespace?: string; labels?: Fields; ports?: readonly Fields[]; spec?: Fields } = {},
): Fields => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name, ...labels } },
  spec: { containers: [{ name: 'main', ports }], ...spec },
});

/** A NetworkPolicy about the pods of one `app`, or of a selector. */
export const policy = (name: string, app: string | Fields, spec: Fields, namespace = 'shop'): Fields => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: { podSelector: typeof app === 'string' ? { matchLabels: { app } } : app, ...spec },
});

export const to = (app: string, ...ports: readonly (number | string)[]): Fields => ({
  egress: [{ to: [{ podSelector: { matchLabels: { app } } }], ports: ports.map((port) => ({ port })) }],
  policyTypes: ['Egress'],
});

export const from = (app: string, ...ports: readonly (number | string)[]): Fields => ({
  ingress: [{ from: [{ podSelector: { matchLabels: { app } } }], ports: ports.map((port) => ({ port })) }],
});

export const denyAll = (namespace = 'shop'): Fields =>
  policy('deny', {}, { policyTypes: ['Ingress', 'Egress'] }, namespace);

export const dnsPeer: Fields = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};

export const cilium = (kind: string, name: string, spec: Fields, namespace?: string): Fields => ({
  apiVersion: 'cilium.io/v2',
  kind,
  metadata: { name, namespace },
  spec,
});
