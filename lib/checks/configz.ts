import type { Json } from '../settings/setting';
import { type Check, fail, pass } from './check';
import type { Scope } from './probe';
import { at, show } from './values';

/** A field of the kubelet's effective configuration equals `value`, or is one that `accepts` takes. */
export function kubeletConfig(of: {
  /** Dotted path, for example `authentication.anonymous.enabled`. */
  readonly path: string;
  readonly value: Json;
  /** @default 'node' */
  readonly scope?: Scope;
  /** Gets undefined for a field that is not there. @default equal to `value` */
  readonly accepts?: (value: Json | undefined) => boolean;
}): Check<'configz'> {
  const accepts = of.accepts ?? ((value) => JSON.stringify(value) === JSON.stringify(of.value));
  return {
    scope: of.scope ?? 'node',
    probe: { kind: 'configz' },
    expected: `kubelet ${of.path}: ${show(of.value)}`,
    strength: 'live',
    judge: (config) => {
      if (Object.keys(config).length === 0) return fail('no configuration');
      const value = at(config, of.path);
      return accepts(value) ? pass(show(value)) : fail(show(value));
    },
  };
}
