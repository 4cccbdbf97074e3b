import type { Json } from '../settings/setting';
import { type Check, fail, pass } from './check';
import type { Scope } from './probe';
import { at, list, show } from './values';

interface Port {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

const mentions = (value: Json | undefined, port: number): boolean => {
  if (value === port) return true;
  const range = at(value, 'range');
  if (range !== undefined) {
    const [low, high] = list(range);
    return typeof low === 'number' && typeof high === 'number' && low <= port && port <= high;
  }
  return [...list(value), ...list(at(value, 'set'))].some((member) => mentions(member, port));
};

/** Rules of a `nft -j` listing whose match on the destination port covers the port, as lists of statements. */
function rulesOn(chains: Json, { port, protocol }: Port): readonly (readonly Json[])[] {
  const listing = list(at(chains, 'nftables') ?? chains);
  return listing
    .map((entry) => list(at(entry, 'rule.expr') ?? at(entry, 'expr')))
    .filter((statements) =>
      statements.some(
        (one) =>
          at(one, 'match.left.payload.field') === 'dport' &&
          at(one, 'match.left.payload.protocol') === protocol &&
          mentions(at(one, 'match.right'), port),
      ),
    );
}

const has = (statements: readonly Json[], key: string) => statements.some((one) => at(one, key) !== undefined);

/** Our table drops the port for everybody but named sources. A live rule set, not the file's text. */
export function firewallGuards(of: {
  readonly scope: Scope;
  readonly port: number;
  /** @default 'tcp' */
  readonly protocol?: Port['protocol'];
}): Check<'firewall'> {
  const { scope, port, protocol = 'tcp' } = of;
  return {
    scope,
    probe: { kind: 'firewall' },
    expected: `nftables: ${protocol}/${port} dropped but for named sources`,
    strength: 'live',
    judge: ({ present, chains }) => {
      if (!present) return fail('no table of ours');
      const rules = rulesOn(chains, { port, protocol });
      const drops = rules.some((rule) => has(rule, 'drop') && !has(rule, 'set'));
      const open = rules.some(
        (rule) => has(rule, 'accept') && !rule.some((one) => at(one, 'match.left.payload.field') === 'saddr'),
      );
      if (open) return fail('open to every source');
      return drops ? pass(`${rules.length} rules`) : fail('not dropped');
    },
  };
}

/** Our table drops what one address opens to the port beyond a rate. A live rule set, not the file's text. */
export function connectionsLimited(of: {
  readonly scope: Scope;
  readonly port: number;
  readonly perSecond: number;
}): Check<'firewall'> {
  const { scope, port, perSecond } = of;
  const limits = (rule: readonly Json[]): readonly Json[] =>
    has(rule, 'drop')
      ? rule.flatMap((one) => list(at(one, 'set.stmt')).flatMap((statement) => at(statement, 'limit') ?? []))
      : [];
  return {
    scope,
    probe: { kind: 'firewall' },
    expected: `nftables: tcp/${port} dropped beyond ${perSecond} new connections a second from one address`,
    strength: 'live',
    judge: ({ present, chains }) => {
      if (!present) return fail('no table of ours');
      const found = rulesOn(chains, { port, protocol: 'tcp' }).flatMap(limits);
      const rates = found.map((limit) => `${show(at(limit, 'rate'))} a ${show(at(limit, 'per'))}`);
      const holds = found.filter(
        (limit) => at(limit, 'inv') === true && at(limit, 'per') === 'second' && Number(at(limit, 'rate')) <= perSecond,
      );
      // One for each family of addresses.
      return holds.length >= 2 ? pass(rates.join(', ')) : fail(rates.join(', ') || 'no limit');
    },
  };
}
