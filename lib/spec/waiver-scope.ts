import type { WaivedObject } from './waiver';

/** How far a waiver reaches. */
export interface WaiverScope {
  readonly nodes?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly objects?: readonly WaivedObject[];
}

/** Whether a waiver excuses single findings only, so that the control's settings stay and the rest of it must hold. */
export const isOfObjects = ({ namespaces, objects }: WaiverScope): boolean =>
  namespaces !== undefined || objects !== undefined;

/** Whether a waiver gives a control up on the whole cluster, settings included. */
export const isWhole = (scope: WaiverScope): boolean => scope.nodes === undefined && !isOfObjects(scope);

/** Whether a waiver covers what a control says of a place, a node or `cluster`, as a whole. */
export const coversPlace = (scope: WaiverScope, where: string): boolean =>
  !isOfObjects(scope) && (scope.nodes === undefined || scope.nodes.includes(where));

/** `ClusterRoleBinding ops`, `ServiceAccount shop/default` */
export const objectText = ({ kind, namespace, name }: WaivedObject): string =>
  `${kind} ${[namespace, name].filter(Boolean).join('/')}`;

/** How far a waiver reaches, in words: `worker-1, worker-2`, `namespace shop`, `ClusterRoleBinding ops`, `all`. */
export function scopeText({ nodes = [], namespaces = [], objects = [] }: WaiverScope): string {
  return [...nodes, ...namespaces.map((name) => `namespace ${name}`), ...objects.map(objectText)].join(', ') || 'all';
}

/** What an object is called where rules are made of it: Kubernetes’ own way from a kind to a plural. */
export function resourceOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') return name;
  if (name.endsWith('s')) return `${name}es`;
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}
