import type { Probe } from '../checks/probe';
import { outOfSight } from './schedule';

/** A right to read that one probe needs; the fields of an RBAC rule. */
export interface ApiRight {
  /** @default the whole cluster */
  readonly namespace?: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly verb: 'get' | 'list' | 'create';
  /** @default every object */
  readonly name?: string;
}

/**
 * What a user needs to make the probes that the scheduled verification makes, each right once, and nothing else.
 * Discovery is open to every user that has logged in.
 */
export function apiRights(probes: readonly Probe[]): readonly ApiRight[] {
  const rights = probes.filter((probe) => outOfSight(probe, undefined) === undefined).flatMap(rightsOf);
  const distinct = new Map(rights.map((right) => [JSON.stringify(right), right]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, right]) => right);
}

function rightsOf(probe: Probe): readonly ApiRight[] {
  switch (probe.kind) {
    case 'objects': {
      const [resource = '', ...group] = probe.resource.split('.');
      const { namespace, name } = probe;
      const of = { ...(namespace !== undefined && { namespace }), apiGroup: group.join('.'), resource };
      return [name === undefined ? { ...of, verb: 'list' } : { ...of, verb: 'get', name }];
    }
    case 'access':
      // A question about somebody's rights is asked by creating it; nothing is kept.
      return [{ apiGroup: 'authorization.k8s.io', resource: 'subjectaccessreviews', verb: 'create' }];
    case 'configz':
      // Kubelets know this right apart from `nodes/proxy`, which would be a shell in every pod.
      return [{ apiGroup: '', resource: 'nodes/configz', verb: 'get' }];
    default:
      return [];
  }
}
