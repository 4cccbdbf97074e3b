import type { Container, Pod } from './pod';

/** Levels of the Pod Security Standards that forbid something. */
export type Level = 'baseline' | 'restricted';

/** What a check refuses, in the words of the API server. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
  /** The fields at fault, relative to the pod's spec; those that are missing too. */
  readonly paths: readonly string[];
}

/** One rule of the Pod Security Standards, as of Kubernetes 1.36. */
export interface PodCheck {
  /** Upstream's id. */
  readonly id: string;
  readonly level: Level;
  /** Baseline check that this one takes the place of. @default none */
  readonly overrides?: string;
  /** What an attacker does where it does not hold. */
  readonly why: string;
  /** What to write instead. */
  readonly fix: string;
  readonly judge: (pod: Pod) => Violation | undefined;
}

export function quoted(items: readonly string[]): string {
  return items.map((item) => `"${item}"`).join(', ');
}

export function plural(singular: string, several: string, count: number): string {
  return count === 1 ? singular : several;
}

/** `container "a"` or `containers "a", "b"`. */
export function named(containers: readonly Container[]): string {
  return `${plural('container', 'containers', containers.length)} ${quoted(containers.map(({ name }) => name))}`;
}

/** Each text once, in byte order. */
export function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** `pod and containers "a", "b"`, of those that set something forbidden. */
export function setters(pod: boolean, containers: readonly Container[]): string {
  return [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [named(containers)] : [])].join(' and ');
}

/** The paths of a security context's field, of the pod and of containers. */
export function contextPaths(pod: boolean, containers: readonly Container[], field: string): string[] {
  return [
    ...(pod ? [`securityContext.${field}`] : []),
    ...containers.map(({ path }) => `${path}.securityContext.${field}`),
  ];
}
