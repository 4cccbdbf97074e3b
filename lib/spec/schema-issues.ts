import type { z } from 'zod';
import type { PropertyPath } from './document';
import type { Finding } from './finding';
import { nearFix, nearNames } from './near';
import { descriptionAt, keysAt } from './schema-walk';

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text (in quotes where YAML would read a number, a date or a truth value)',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** What is allowed, for issues whose schema does not say it itself. Passed to zod as its error map. */
export const allowedByIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.map(String).join(', ');
    case 'invalid_union':
      return ((issue.options as readonly unknown[] | undefined) ?? []).map(String).join(', ');
    case 'too_small':
      if (issue.origin === 'array') return `${issue.minimum} or more entries`;
      return issue.origin === 'string' ? 'a text that is not empty' : `${issue.minimum} or more`;
    case 'too_big':
      return `${issue.maximum} or less`;
    default:
      return undefined;
  }
};

function valueAt(root: unknown, path: PropertyPath): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], root);
}

/** A value as an error shows it: JSON, cut where it is long. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

const hostKeyFix =
  'read it on the machine itself (cat /etc/ssh/ssh_host_ed25519_key.pub) or from its console; a key fetched over the network proves nothing';

function missing(schema: z.ZodType, path: PropertyPath, allowed: string): Finding {
  const isHostKey = path.at(-1) === 'hostKey';
  return {
    code: isHostKey ? 'SPEC_HOST_KEY_MISSING' : 'SPEC_MISSING',
    path,
    message: isHostKey ? 'the SSH host key is not pinned' : 'this field is missing',
    got: 'nothing',
    allowed,
    fix: isHostKey ? hostKeyFix : `add it: ${descriptionAt(schema, path) ?? allowed}`,
  };
}

/** Of what each member of a union says: that of the member whose type the value has, else of the first. */
const meant = (errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] =>
  errors.find((issues) => issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys')) ??
  errors[0] ??
  [];

/** One issue of zod as findings: one per unknown key, otherwise one. */
export function findingsOf(schema: z.ZodType, root: unknown, issue: z.core.$ZodIssue): readonly Finding[] {
  const path = issue.path as PropertyPath;
  if (issue.code === 'unrecognized_keys') {
    const keys = keysAt(schema, path);
    return issue.keys.map((key) => ({
      code: 'SPEC_UNKNOWN_KEY',
      path: [...path, key],
      message: 'there is no such field',
      got: key,
      allowed: keys.join(', '),
      fix: nearFix(key, keys, 'remove it'),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return meant(issue.errors).flatMap((each) =>
      findingsOf(schema, root, { ...each, path: [...issue.path, ...each.path] }),
    );
  }
  const got = valueAt(root, path);
  if (got === undefined) return [missing(schema, path, issue.message)];
  const options = issue.code === 'invalid_value' || issue.code === 'invalid_union' ? issue.message.split(', ') : [];
  const near = typeof got === 'string' ? nearNames(got, options) : [];
  return [
    {
      code: issue.code === 'invalid_type' ? 'SPEC_TYPE' : 'SPEC_VALUE',
      path,
      message: 'this value is not allowed',
      got: show(got),
      allowed: issue.message,
      fix: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `write ${issue.message}`,
    },
  ];
}
