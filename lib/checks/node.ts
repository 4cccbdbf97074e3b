import { type Check, fail, pass } from './check';
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

/** The systemd unit is active. */
export function unitActive(of: { readonly unit: string; readonly scope?: Scope }): Check<'unit'> {
  return {
    scope: of.scope ?? 'node',
    probe: { kind: 'unit', unit: of.unit, properties: ['ActiveState'] },
    expected: `${of.unit} is active`,
    strength: 'live',
    judge: (properties) => {
      const state = properties?.ActiveState ?? 'no such unit';
      return state === 'active' ? pass(state) : fail(state);
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
