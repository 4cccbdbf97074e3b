import { catalogue } from '../lib/controls/registry';
import { HardeningError } from '../lib/errors';
import { diffProfiles, type ProfileDiff } from '../lib/profiles/diff';
import { type ActiveProfile, type ProfileName, profileNames } from '../lib/profiles/profile';
import { profiles } from '../lib/profiles/profiles';
import { builtInProfile } from '../lib/profiles/resolve-profile';
import { nearFix } from '../lib/spec/near';
import type { Console } from './console';
import { loadCluster } from './load-cluster';

interface ProfileQuestion {
  readonly file?: string;
  readonly profile?: string;
  readonly diff?: string;
}

const usage = (code: string, message: string, fix: string, got?: string) =>
  new HardeningError('usage', [{ code, message, ...(got !== undefined && { got }), fix }]);

function named(name: string): ActiveProfile {
  const known: readonly string[] = profileNames;
  if (known.includes(name)) return builtInProfile(name as ProfileName, catalogue);
  throw usage('UNKNOWN_PROFILE', 'there is no such profile', nearFix(name, known, `one of ${known.join(', ')}`), name);
}

/**
 * Prints a profile, or what changes between two. The first is the one that is named, else that of a spec.
 *
 * @throws HardeningError of kind `usage`, or as `loadCluster` does
 */
export function explainProfile(control: string | undefined, question: ProfileQuestion, out: Console): void {
  const { file, profile, diff } = question;
  if (control !== undefined) {
    throw usage('EXPLAIN_ONE_THING', 'either a control or a profile is explained', 'leave out one of them');
  }
  if (profile !== undefined && file !== undefined) {
    throw usage('EXPLAIN_ONE_PROFILE', 'a spec names its own profile', 'leave out --profile or --file');
  }
  if (profile === undefined && file === undefined) {
    throw usage('EXPLAIN_NO_PROFILE', 'there is nothing to compare with', 'add --profile <name> or --file <spec>');
  }
  const first = file === undefined ? named(profile ?? '') : loadCluster(file, out).resolution.cluster.profile;
  if (diff === undefined) printProfile(first, out);
  else printDiff(diffProfiles(first, named(diff), catalogue), out);
}

const titleOf = (id: string): string => catalogue.find((control) => control.id === id)?.title ?? '';

function printProfile(profile: ActiveProfile, out: Console): void {
  const { summary, threats, trusts, limits } = profiles[profile.base];
  out.object({ ...profile, summary, threats, trusts, limits });
  const heading = (text: string) => out.result(`\n${out.colour('bold', text)}`);
  out.result(`${out.colour('bold', profile.name)}: ${profile.controls.length} controls`);
  out.result(summary);
  heading('Who attacks');
  for (const [threat, how] of Object.entries(threats)) out.result(`- ${threat}: ${how}`);
  heading('Who is trusted');
  for (const whom of trusts) out.result(`- ${whom}`);
  heading('Limits');
  for (const limit of limits) out.result(`- ${limit}`);
  heading('Values');
  for (const { id, value } of catalogue) {
    if (!value || !profile.controls.includes(id)) continue;
    out.result(`- ${id}: ${value.what}: ${profile.values[id] ?? value.usual}`);
  }
  out.result(
    '\n`bulwark explain --profile <name> --diff <other>` says what differs; `bulwark explain` lists controls.',
  );
}

function printDiff(diff: ProfileDiff, out: Console): void {
  const { before, after, added, removed, values } = diff;
  out.object(diff);
  out.result(out.colour('bold', `From ${before} to ${after}`));
  for (const id of added) out.result(`${out.colour('green', '+')} ${id}: ${titleOf(id)}`);
  for (const id of removed) out.result(`${out.colour('red', '-')} ${id}: ${titleOf(id)}`);
  for (const { control, what, before: was, after: is } of values) {
    out.result(`${out.colour('yellow', '~')} ${control}: ${what}: ${was} → ${is}`);
  }
  out.result(`${added.length} controls added, ${removed.length} removed, ${values.length} values changed`);
}
