import { specialSecretSig, specialSigKey } from '@pulumi/pulumi/runtime/rpc';
import type { Properties } from './resource';

/** What the engine sent, as plain values, and which of them are or hold a secret. */
export interface Revealed {
  readonly plain: Properties;
  readonly secrets: ReadonlySet<string>;
}

/** Takes the marks off; the names of what was marked are kept for `conceal`. */
export function reveal(properties: Properties): Revealed {
  const secrets = new Set<string>();
  const strip = (value: unknown, property: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => strip(each, property));
    const fields = value as Properties;
    if (fields[specialSigKey] === specialSecretSig) {
      secrets.add(property);
      return strip(fields.value, property);
    }
    return Object.fromEntries(Object.entries(fields).map(([key, each]) => [key, strip(each, property)]));
  };
  const plain = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, strip(value, key)]));
  return { plain, secrets };
}

/**
 * Marks properties as secrets, so that the engine encrypts them wherever it keeps them and never shows them. Drops what
 * is undefined: the engine's protocol has no word for it.
 */
export function conceal(properties: Properties, secrets: ReadonlySet<string>): Properties {
  const mark = (value: unknown) => ({ [specialSigKey]: specialSecretSig, value });
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, secrets.has(key) ? mark(value) : value]),
  );
}
