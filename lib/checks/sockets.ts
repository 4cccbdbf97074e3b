import { type Check, fail, pass } from './check';
import type { ConnectFact, ListenerFact, Scope } from './probe';

const loopback = /^(127\.|::1$|\[::1\]$|::ffff:127\.)/;
const wildcard = /^(0\.0\.0\.0|::|\[::\]|\*)$/;

const shown = (listeners: readonly ListenerFact[]): string =>
  [...new Set(listeners.map(({ address, port }) => `${address}:${port}`))].slice(0, 5).join(', ');

interface Port {
  readonly scope: Scope;
  readonly port: number;
  readonly protocol?: ListenerFact['protocol'];
}

function onPort(
  { scope, port, protocol = 'tcp' }: Port,
  expected: string,
  judge: Check<'listeners'>['judge'],
): Check<'listeners'> {
  return {
    scope,
    probe: { kind: 'listeners' },
    expected: `${protocol}/${port}: ${expected}`,
    strength: 'live',
    judge: (all) => judge(all.filter((listener) => listener.port === port && listener.protocol === protocol)),
  };
}

/** Somebody listens on the port, on loopback addresses only. */
export const listenerOnlyLoopback = (of: Port): Check<'listeners'> =>
  onPort(of, 'loopback only', (found) => {
    if (found.length === 0) return fail('nobody listens');
    const open = found.filter(({ address }) => !loopback.test(address));
    return open.length === 0 ? pass(shown(found)) : fail(shown(open));
  });

/** Somebody listens on the port, on named addresses, never on all of them. */
export const listenerNotWildcard = (of: Port): Check<'listeners'> =>
  onPort(of, 'named addresses only', (found) => {
    if (found.length === 0) return fail('nobody listens');
    const open = found.filter(({ address }) => wildcard.test(address));
    return open.length === 0 ? pass(shown(found)) : fail(shown(open));
  });

/** Somebody listens on the port. */
export const listenerPresent = (of: Port): Check<'listeners'> =>
  onPort(of, 'open', (found) => (found.length > 0 ? pass(shown(found)) : fail('nobody listens')));

/** Nobody listens on the port; a node without any listener is a fail, because then nothing was seen. */
export function listenerAbsent(of: Port): Check<'listeners'> {
  const { protocol = 'tcp' } = of;
  return {
    scope: of.scope,
    probe: { kind: 'listeners' },
    expected: `${protocol}/${of.port}: nobody listens`,
    strength: 'live',
    judge: (all) => {
      if (all.length === 0) return fail('no listener seen at all');
      const found = all.filter((listener) => listener.port === of.port && listener.protocol === protocol);
      return found.length === 0 ? pass('closed') : fail(shown(found));
    },
  };
}

/** Nobody listens on the port but on loopback addresses, if at all. */
export function listenerLoopbackAtMost(of: Port): Check<'listeners'> {
  const { protocol = 'tcp' } = of;
  return {
    scope: of.scope,
    probe: { kind: 'listeners' },
    expected: `${protocol}/${of.port}: nobody listens beyond loopback`,
    strength: 'live',
    judge: (all) => {
      if (all.length === 0) return fail('no listener seen at all');
      const found = all.filter((listener) => listener.port === of.port && listener.protocol === protocol);
      const open = found.filter(({ address }) => !loopback.test(address));
      if (open.length > 0) return fail(shown(open));
      return pass(found.length > 0 ? shown(found) : 'closed');
    },
  };
}

interface Connection {
  readonly scope: Scope;
  /** `node:<name>` or an address. */
  readonly target: string;
  readonly port: number;
}

function connection(
  { scope, target, port }: Connection,
  expected: string,
  results: readonly ConnectFact['result'][],
): Check<'connect'> {
  return {
    scope,
    probe: { kind: 'connect', target, port },
    expected: `connection to ${target}:${port}: ${expected}`,
    strength: 'effect',
    judge: ({ result }) => (results.includes(result) ? pass(result) : fail(result)),
  };
}

/** A real connection does not open. */
export const connectRefused = (of: Connection): Check<'connect'> =>
  connection(of, 'refused or timed out', ['refused', 'timeout']);

/** A real connection opens: the positive control of those that must not. */
export const connectOpen = (of: Connection): Check<'connect'> => connection(of, 'open', ['open']);

/** The program listens on loopback addresses only, or not at all. */
export function processOnlyOnLoopback(of: { readonly scope: Scope; readonly process: string }): Check<'listeners'> {
  return {
    scope: of.scope,
    probe: { kind: 'listeners' },
    expected: `${of.process} listens on loopback only`,
    strength: 'live',
    judge: (all) => {
      if (all.length === 0) return fail('no listener seen at all');
      const open = all.filter(({ process, address }) => process === of.process && !loopback.test(address));
      return open.length === 0 ? pass('loopback only') : fail(shown(open));
    },
  };
}
