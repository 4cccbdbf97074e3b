import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleSpec } from '../../cli/example-cluster';
import { explainProfile } from '../../cli/explain-profile';
import type { ProfileDiff } from '../../lib/profiles/diff';

const folder = mkdtempSync(join(tmpdir(), 'bulwark-profile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Question = Parameters<typeof explainProfile>[1];

/** What is printed, as lines and as JSON. */
function asked(question: Question, control?: string): { readonly lines: string[]; readonly json: unknown } {
  const lines: string[] = [];
  let json: unknown;
  explainProfile(control, question, {
    colour: (_, text) => text,
    result: (text: string) => lines.push(text),
    note: () => undefined,
    object: (value: unknown) => {
      json = value;
    },
    json: true,
  });
  return { lines, json };
}

test('says what changes from one profile to another', () => {
  const { lines, json } = asked({ profile: 'multi-team', diff: 'strict' });
  expect(lines[0]).toBe('From multi-team to strict');
  expect(lines).toContain('+ secrets/no-variables: Secrets reach containers as files, not as variables');
  expect(lines).toContain('~ kube-apiserver/tls: oldest TLS version: TLS 1.2 → TLS 1.3');
  const { added, removed, values } = json as ProfileDiff;
  expect(lines.at(-1)).toBe(
    `${added.length} controls added, ${removed.length} removed, ${values.length} values changed`,
  );
  expect(lines).toHaveLength(2 + added.length + removed.length + values.length);
});

test('says what a profile is for, whom it trusts and what it sets', () => {
  const text = asked({ profile: 'strict' }).lines.join('\n');
  expect(text).toMatch(/letter of the DISA STIG/);
  expect(text).toMatch(/- audit\/log-maxage: days that audit files are kept: 90/);
});

test('takes the profile of a spec, one of the user’s own too', () => {
  const file = join(folder, 'cluster.yaml');
  const own = 'profile: {name: shop, extends: multi-team, values: {audit/log-maxage: 365}}';
  writeFileSync(file, exampleSpec().replace(/^profile: .*/m, own));
  expect(asked({ file, diff: 'multi-team' }).json).toEqual({
    before: 'shop (extends multi-team)',
    after: 'multi-team',
    added: [],
    removed: [],
    values: [{ control: 'audit/log-maxage', what: 'days that audit files are kept', before: 365, after: 30 }],
  });
});

test('says what is wrong with the question', () => {
  expect(() => asked({ profile: 'stric' })).toThrow(/did you mean strict\?/);
  expect(() => asked({ profile: 'strict', diff: 'all' })).toThrow(/UNKNOWN_PROFILE/);
  expect(() => asked({ diff: 'strict' })).toThrow(/EXPLAIN_NO_PROFILE/);
  expect(() => asked({ profile: 'strict', file: 'cluster.yaml' })).toThrow(/EXPLAIN_ONE_PROFILE/);
  expect(() => asked({ profile: 'strict' }, 'audit/log')).toThrow(/EXPLAIN_ONE_THING/);
});
