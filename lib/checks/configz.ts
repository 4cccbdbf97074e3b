import type { ResolvedCluster } from '../resolved-cluster';
import type { Json } from '../settings/setting';
import type { Role } from '../spec/cluster-spec';
import { type Check, fail, pass } from './check';
import { at, show } from './values';

interface KubeletField {
  /** Dotted path, for example `authentication.anonymous.enabled`. */
  readonly path: string;
  readonly value: Json;
  /** Whose kubelets are meant. @default every node's */
  readonly role?: Role;
  /** Gets undefined for a field that is not there. @default equal to `value` */
  readonly accepts?: (value: Json | undefined) => boolean;
}

/**
 * A field of each kubelet's effective configuration equals `value`, or is one that `accepts` takes. Read from a control
 * plane, because no worker holds a credential that may read it.
 */
export function kubeletConfig({ spec }: ResolvedCluster, field: KubeletField): readonly Check<'configz'>[] {
  const { path, value, role } = field;
  const accepts = field.accepts ?? ((found) => JSON.stringify(found) === JSON.stringify(value));
  return spec.nodes
    .filter((node) => role === undefined || node.role === role)
    .map(({ name }) => ({
      scope: 'cluster',
      node: name,
      probe: { kind: 'configz', of: name },
      expected: `kubelet ${path}: ${value === '' ? 'not set' : show(value)}`,
      strength: 'live',
      judge: (config) => {
        if (Object.keys(config).length === 0) return fail('no configuration');
        const found = at(config, path);
        return accepts(found) ? pass(show(found)) : fail(show(found));
      },
    }));
}
