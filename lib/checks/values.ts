import type { Json } from '../settings/setting';

/** The value at a dotted path, undefined where the path ends early. `[key.with.dots]` stands for one key. */
export function at(value: Json | undefined, path: string): Json | undefined {
  const keys = path.match(/\[[^\]]+\]|[^.[\]]+/g) ?? [];
  return keys.reduce<Json | undefined>((current, key) => {
    if (typeof current !== 'object' || current === null || Array.isArray(current)) return undefined;
    const name = key.replace(/^\[|\]$/g, '');
    return Object.hasOwn(current, name) ? (current as { readonly [key: string]: Json })[name] : undefined;
  }, value);
}

/** The members of a list, none for anything else. */
export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** A value as a report prints it, at most 160 characters. */
export function show(value: Json | undefined): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}
