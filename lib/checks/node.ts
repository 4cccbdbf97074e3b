import { type Check, fail, notApplicable, pass } from './check';
import { compareDebianVersions } from './debian-version';
import type { Scope } from './probe';

/** The kernel parameter has this value now. */
export function sysctl(of: {
  readonly name: string;
  readonly value: string;
  /** Other values that are as strict, which a distribution or an administrator may have chosen. @default none */
  readonly alsoStrict?: readonly string[];
  readonly scope?: Scope;
}): Check<'sysctl'> {
  const accepted = [of.value, ...(of.alsoStrict ?? [])];
  return {
    scope: of.scope ?? 'node',
    probe: { kind: 'sysctl', name: of.name },
    expected: `${of.name} = ${accepted.join(' or ')}`,
    strength: 'live',
    judge: (value) => {
      if (value === null) return fail('unknown to the kernel');
      return accepted.includes(value.trim().split(/\s+/).join(' ')) ? pass(value.trim()) : fail(value.trim());
    },
  };
}

/** The systemd unit is active, and starts with the machine. */
export function unitActive(of: { readonly unit: string; readonly scope?: Scope }): Check<'unit'> {
  return {
    scope: of.scope ?? 'node',
    probe: { kind: 'unit', unit: of.unit, properties: ['ActiveState', 'UnitFileState'] },
    expected: `${of.unit} is active and enabled`,
    strength: 'live',
    judge: (properties) => {
      if (properties === null) return fail('no such unit');
      const { ActiveState = 'unknown', UnitFileState = 'unknown' } = properties;
      const state = `${ActiveState}, ${UnitFileState || 'no unit file'}`;
      return ActiveState === 'active' && UnitFileState === 'enabled' ? pass(state) : fail(state);
    },
  };
}

/** The kernel has the module, loaded or built in. */
export function moduleLoaded(of: { readonly name: string; readonly scope?: Scope }): Check<'module'> {
  return {
    scope: of.scope ?? 'node',
    probe: { kind: 'module', name: of.name },
    expected: `kernel module ${of.name} is there`,
    strength: 'live',
    judge: ({ loaded, builtin }) => (loaded || builtin ? pass(builtin ? 'built in' : 'loaded') : fail('not loaded')),
  };
}

/** The program's version is one of the fixed ones: at least the floor of its own line, or a later line. */
export function versionFloor(of: {
  readonly program: string;
  /** Lowest good version of each maintained line, oldest first, for example `['1.2.8', '1.3.3']`. */
  readonly floors: readonly [string, ...string[]];
  /** What older versions are open to. @default not said */
  readonly mends?: readonly { readonly id: string }[];
}): Check<'versions'> {
  const mends = of.mends ? ` (${of.mends.map(({ id }) => id).join(', ')})` : '';
  return {
    scope: 'node',
    probe: { kind: 'versions' },
    expected: `${of.program} ≥ ${of.floors.join(' or ')}${mends}`,
    strength: 'live',
    judge: (versions) => {
      const version = versions[of.program];
      if (version === undefined) return fail(`${of.program} not found`);
      return meetsFloor(version, of.floors) ? pass(version) : fail(version);
    },
  };
}

/** Debian’s package, where it is installed, has the fixes of published weaknesses. */
export function packageFloor(of: {
  readonly name: string;
  /** Lowest good version by Debian release, for example `{ 12: '1:9.2p1-2+deb12u3' }`. */
  readonly floors: { readonly [release: string]: string };
  readonly mends: readonly { readonly id: string }[];
}): Check<'packages'> {
  const floors = Object.entries(of.floors);
  const wanted = floors.map(([release, floor]) => `${floor} on Debian ${release}`).join(', ');
  return {
    scope: 'node',
    probe: { kind: 'packages', names: [of.name] },
    expected: `${of.name} ≥ ${wanted} (${of.mends.map(({ id }) => id).join(', ')})`,
    strength: 'live',
    judge: ({ system, versions }) => {
      if (system === '') return fail('unknown system');
      const version = versions[of.name];
      if (version === undefined) return notApplicable('not installed');
      const [, floor] = floors.find(([release]) => system === `debian ${release}`) ?? [];
      if (floor === undefined) return notApplicable(`${version} on ${system}, whose fixes have other versions`);
      return compareDebianVersions(version, floor) >= 0 ? pass(version) : fail(version);
    },
  };
}

/** Every program that was installed is still the same, byte by byte. */
export function programsUnchanged(): Check<'programs'> {
  return {
    scope: 'node',
    probe: { kind: 'programs' },
    expected: 'the programs have the digests of the artifacts that were installed',
    strength: 'live',
    judge: (programs) => {
      if (programs.length === 0) return fail('no record of what was installed');
      const others = programs.filter(({ sha256, installed }) => installed === '' || sha256 !== installed);
      const names = others.slice(0, 5).map(({ path, sha256, installed }) => {
        if (installed === '') return `${path} not recorded`;
        return `${path} ${sha256.slice(0, 12) || 'missing'}`;
      });
      return others.length === 0 ? pass(`${programs.length} programs`) : fail(names.join(', ').slice(0, 300));
    },
  };
}

const numbers = (version: string): readonly number[] =>
  (/^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []).slice(1).map((part) => Number(part ?? 0));

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function meetsFloor(version: string, floors: readonly string[]): boolean {
  const is = numbers(version);
  if (is.length === 0) return false;
  const parsed = floors.map(numbers);
  const line = parsed.find((floor) => floor[0] === is[0] && floor[1] === is[1]);
  const last = parsed.at(-1) ?? [];
  return compare(is, line ?? last) >= 0;
}
