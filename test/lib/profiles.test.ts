import { catalogue } from '../../lib/controls/registry';
import { isAllowed, isLooser } from '../../lib/controls/value';
import { HardeningError, type Issue } from '../../lib/errors';
import { diffProfiles } from '../../lib/profiles/diff';
import { profileNames } from '../../lib/profiles/profile';
import { profiles } from '../../lib/profiles/profiles';
import { builtInProfile } from '../../lib/profiles/resolve-profile';
import { type Resolution, resolve } from '../../lib/resolve';
import { parseSpec } from '../../lib/spec/parse';
import { specInput } from '../support/spec';

const options = { today: '2026-06-01', controlIds: catalogue.map(({ id }) => id) };
const resolved = (profile: unknown): Resolution =>
  resolve(parseSpec(specInput({ profile: profile as never }), options).spec, catalogue);

/** Errors of a profile, with the kind of their error. */
function errors(profile: unknown): readonly (Issue & { kind: string })[] {
  try {
    resolved(profile);
    return [];
  } catch (error) {
    if (error instanceof HardeningError) return error.issues.map((issue) => ({ ...issue, kind: error.kind }));
    throw error;
  }
}
const codes = (profile: unknown) => errors(profile).map(({ code, path }) => `${code} ${path}`);
/** An argument of the API server. */
const setting = ({ settings }: Resolution, name: string) =>
  settings.of('component-arg').find(({ setting: arg }) => arg.component === 'kube-apiserver' && arg.name === name)
    ?.setting.value;

describe('the profiles of Bulwark', () => {
  test.each(profileNames)('%s answers threats, says whom it trusts and where it ends', (name) => {
    const { threats, trusts, limits, summary } = profiles[name];
    expect(Object.keys(threats).length).toBeGreaterThan(1);
    expect([trusts.length, limits.length, summary.length].every((count) => count > 0)).toBe(true);
  });

  test.each(profileNames)('%s sets values that its controls take, none looser than what it extends', (name) => {
    const { controls, values } = builtInProfile(name, catalogue);
    const { extends: base } = profiles[name];
    for (const [id, value] of Object.entries(values)) {
      const declared = catalogue.find((control) => control.id === id)?.value;
      if (!declared) throw new Error(`${id} has no value`);
      expect(controls).toContain(id);
      expect(isAllowed(declared, value)).toBe(true);
      expect(value).not.toBe(declared.usual);
      const before = (base && builtInProfile(base, catalogue).values[id]) ?? declared.usual;
      expect(isLooser(declared, value, before)).toBe(false);
    }
  });

  test('a value names the control that has it', () => {
    for (const { id, value } of catalogue) if (value) expect(value.of).toBe(id);
  });

  test('controls differ between profiles by their values alone', () => {
    const clusters = profileNames.map((name) => resolved(name));
    for (const control of catalogue.filter(({ value }) => !value)) {
      const rendered = clusters
        .filter(({ controls }) => controls.includes(control))
        .map(({ cluster }) => JSON.stringify([control.settings(cluster), control.checks(cluster)]));
      expect([control.id, new Set(rendered).size]).toEqual([control.id, Math.min(1, rendered.length)]);
    }
  });

  test('strict differs from multi-team in more than its name', () => {
    const [before, after] = (['multi-team', 'strict'] as const).map((name) => builtInProfile(name, catalogue));
    if (!before || !after) throw new Error('both are there');
    const { added, removed, values } = diffProfiles(before, after, catalogue);
    expect(removed).toEqual([]);
    expect(values.map(({ control }) => control)).toEqual(Object.keys(profiles.strict.values ?? {}).sort());
    expect(added.length).toBeGreaterThan(0);
    expect(setting(resolved('strict'), 'tls-min-version')).toBe('VersionTLS13');
    expect(setting(resolved('multi-team'), 'tls-min-version')).toBe('VersionTLS12');
  });

  test('what two profiles differ in is the other way round the other way round', () => {
    const [a, b] = (['internet-facing', 'strict'] as const).map((name) => builtInProfile(name, catalogue));
    if (!a || !b) throw new Error('both are there');
    const there = diffProfiles(a, b, catalogue);
    const back = diffProfiles(b, a, catalogue);
    expect([back.added, back.removed]).toEqual([there.removed, there.added]);
    expect(back.values.map(({ before, after }) => [after, before])).toEqual(
      there.values.map(({ before, after }) => [before, after]),
    );
    expect(diffProfiles(a, a, catalogue)).toMatchObject({ added: [], removed: [], values: [] });
  });
});

describe('a profile of the user’s own', () => {
  const own = { name: 'shop', extends: 'multi-team' };
  const medium = 'kubelet/event-record-qps';
  const critical = 'admission/pod-security';

  test('has the controls and values of what it extends, and says so', () => {
    const { cluster, controls } = resolved(own);
    expect(cluster.profile.name).toBe('shop (extends multi-team)');
    expect(controls).toEqual(resolved('multi-team').controls);
    expect(cluster.profile.values).toEqual({ 'kubelet/pod-pids-limit': 1024 });
  });

  test('adds, removes and tightens', () => {
    const changed = resolved({ ...own, remove: [medium], values: { 'audit/log-maxage': 365 } });
    expect(changed.controls.map(({ id }) => id)).not.toContain(medium);
    expect(setting(changed, 'audit-log-maxage')).toBe('365');
    const grown = resolved({ extends: 'internet-facing', add: ['audit/interactive-access'] });
    expect(grown.controls.map(({ id }) => id)).toContain('audit/interactive-access');
    expect(grown.cluster.profile.name).toBe('own (extends internet-facing)');
  });

  test('may not be looser than what it extends', () => {
    expect(errors({ ...own, values: { 'kubelet/pod-pids-limit': 2048 } })).toMatchObject([
      { kind: 'weaker', code: 'SPEC_PROFILE_LOOSER', allowed: '1024, or tighter' },
    ]);
    expect(codes({ ...own, values: { 'kubelet/pod-pids-limit': 512 } })).toEqual([]);
    expect(codes({ ...own, extends: 'strict', values: { 'kubelet/tls': 'TLS 1.2' } })).toEqual([
      'SPEC_PROFILE_LOOSER profile.values["kubelet/tls"]',
    ]);
  });

  test('gives critical controls up by waiver only', () => {
    expect(errors({ ...own, remove: [critical] })).toMatchObject([
      { kind: 'weaker', code: 'SPEC_PROFILE_CRITICAL', fix: expect.stringContaining(`bulwark waive ${critical}`) },
    ]);
    for (const { id, severity } of resolved('multi-team').controls.filter(({ severity: of }) => of === 'critical')) {
      expect([id, severity, codes({ ...own, remove: [id] })]).toEqual([
        id,
        'critical',
        ['SPEC_PROFILE_CRITICAL profile.remove[0]'],
      ]);
    }
  });

  test('names what there is, and what it means something for', () => {
    expect(
      errors({ ...own, add: ['kubelet/anonymous'], remove: ['kubelet/anonymus-auth'] }).map(({ code, fix }) => [
        code,
        fix,
      ]),
    ).toEqual([
      ['SPEC_PROFILE_UNKNOWN_CONTROL', expect.stringContaining('did you mean kubelet/anonymous-auth?')],
      ['SPEC_PROFILE_UNKNOWN_CONTROL', expect.stringContaining('did you mean kubelet/anonymous-auth?')],
    ]);
    expect(codes({ ...own, add: [critical], remove: ['kubelet/image-credentials'] })).toEqual([
      'SPEC_PROFILE_HAS_CONTROL profile.add[0]',
      'SPEC_PROFILE_LACKS_CONTROL profile.remove[0]',
    ]);
    expect(
      codes({ ...own, values: { 'kubelet/swap': 1, 'audit/log-maxage': 'long', 'kubelet/tls': 'TLS 1.1' } }),
    ).toEqual([
      'SPEC_PROFILE_NO_VALUE profile.values["kubelet/swap"]',
      'SPEC_PROFILE_VALUE profile.values["audit/log-maxage"]',
      'SPEC_PROFILE_VALUE profile.values["kubelet/tls"]',
    ]);
  });

  test('is read with the same care as the rest of a spec', () => {
    expect(errors('multiteam')).toMatchObject([
      { code: 'SPEC_VALUE', path: 'profile', fix: 'did you mean multi-team?' },
    ]);
    expect(codes({ extends: 'multi-teams' })).toEqual(['SPEC_VALUE profile.extends']);
    expect(codes({ name: 'shop' })).toEqual(['SPEC_MISSING profile.extends']);
    expect(errors({ ...own, removes: [] })).toMatchObject([
      { code: 'SPEC_UNKNOWN_KEY', path: 'profile.removes', fix: 'did you mean remove?' },
    ]);
    expect(codes({ ...own, values: { 'kubelet/tls': [] } })).toEqual(['SPEC_TYPE profile.values["kubelet/tls"]']);
    expect(codes(5)).toEqual(['SPEC_VALUE profile']);
  });
});
