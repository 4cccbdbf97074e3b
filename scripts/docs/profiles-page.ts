import type { Control } from '../../lib/controls/control';
import { allowedText } from '../../lib/controls/value';
import { contradictions } from '../../lib/profiles/contradictions';
import { diffProfiles, type ProfileDiff } from '../../lib/profiles/diff';
import { type Profile, profileNames } from '../../lib/profiles/profile';
import { profiles } from '../../lib/profiles/profiles';
import { builtInProfile } from '../../lib/profiles/resolve-profile';
import { anchor, bullets, generatedNote, page, prose, table, toControl } from './markdown';

const extending = `profile:
  name: shop
  extends: multi-team
  add: [secrets/no-variables]
  remove: [kubelet/event-record-qps]
  values: {audit/log-maxage: 365}`;

/** Text of `docs/reference/profiles.md`: what each profile is for, and how they differ. */
export function profilesPage(catalogue: readonly Control[]): string {
  const titleOf = (id: string) => prose(catalogue.find((control) => control.id === id)?.title ?? '');
  const active = profileNames.map((name) => builtInProfile(name, catalogue));
  const pairs = active.flatMap((before, index) => active.slice(index + 1).map((after) => [before, after] as const));
  const settable = catalogue.flatMap(({ value }) => (value ? [value] : []));
  return page(
    ['# Profiles'],
    [generatedNote],
    [
      'A profile is a threat model: it says who is expected to attack and who is trusted, and decides which controls are on and how tight some of them are. `profile` in the spec names one; `bulwark explain --profile <name> --diff <other>` says what a change of profile brings.',
    ],
    table(
      ['Profile', 'For', 'Extends', 'Controls'],
      profileNames.map((name, index) => [
        `[${name}](#${anchor(name)})`,
        prose(profiles[name].summary),
        profiles[name].extends ?? '',
        `${active[index]?.controls.length}`,
      ]),
    ),
    ...profileNames.flatMap((name) => section(profiles[name])),
    ['## Differences'],
    ...pairs.flatMap(([before, after]) => difference(diffProfiles(before, after, catalogue), titleOf)),
    ['## A profile of your own'],
    ['It extends one of these, with controls added or removed and values tightened:'],
    ['```yaml', extending, '```'],
    [
      'Critical controls are not removed here but [waived](../explanation/waivers.md), with a reason and an end. A value may only be tightened:',
    ],
    table(
      ['Control', 'Value', 'Usual', ...profileNames, 'Tighter'],
      settable.map((value) => [
        toControl(value.of),
        prose(value.what),
        `${value.usual}`,
        ...active.map(({ controls, values }) =>
          controls.includes(value.of) ? `${values[value.of] ?? value.usual}` : '',
        ),
        typeof value.tighter === 'string' ? value.tighter : allowedText(value),
      ]),
    ),
    ['## Where benchmarks contradict each other'],
    table(
      ['About', 'Asked for', 'Done', 'Price', 'Controls'],
      contradictions.map(({ about, demands, decision, price, controls }) => [
        about,
        demands.map(prose).join('; '),
        prose(decision),
        prose(price),
        controls.map(toControl).join(', '),
      ]),
    ),
  );
}

function section({ name, summary, threats, trusts, limits }: Profile): readonly (readonly string[])[] {
  return [
    [`## ${name}`],
    [prose(summary)],
    ['Who attacks:', '', ...bullets(Object.entries(threats).map(([threat, how]) => `*${threat}*: ${prose(how)}`))],
    ['Who is trusted:', '', ...bullets(trusts.map(prose))],
    ['Limits:', '', ...bullets(limits.map(prose))],
  ];
}

function difference(diff: ProfileDiff, titleOf: (id: string) => string): readonly (readonly string[])[] {
  const { before, after, added, removed, values } = diff;
  return [
    [`### From ${before} to ${after}`],
    table(
      ['', 'Control', ''],
      [
        ...added.map((id) => ['added', toControl(id), titleOf(id)]),
        ...removed.map((id) => ['removed', toControl(id), titleOf(id)]),
        ...values.map((each) => [
          'changed',
          toControl(each.control),
          `${prose(each.what)}: ${each.before} → ${each.after}`,
        ]),
      ],
    ),
  ];
}
