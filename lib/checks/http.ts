import type { Json } from '../settings/setting';
import { type Check, fail, pass } from './check';
import type { HttpFact, HttpProbe, Scope } from './probe';

interface Request {
  readonly scope: Scope;
  readonly url: string;
  readonly method?: HttpProbe['method'];
  readonly client?: HttpProbe['client'];
  /** Unix socket of a local service. */
  readonly socket?: string;
}

const probeOf = ({ url, method, client, socket }: Request): HttpProbe => ({
  kind: 'http',
  url,
  method,
  client,
  socket,
});

const clientText = {
  none: 'without credentials',
  admin: 'as admin',
  kubelet: "with the kubelet's certificate",
} as const;

const describe = ({ url, method = 'GET', client = 'none', socket }: Request): string =>
  socket === undefined ? `${method} ${url} ${clientText[client]}` : `${method} ${new URL(url).pathname} at ${socket}`;

const shown = ({ status, error }: HttpFact): string => (status === 0 ? `no answer: ${brief(error)}` : `${status}`);

const brief = (text = 'unknown'): string => text.slice(0, 120);

/** The request is answered with one of these status codes; no answer is a fail. */
export function httpStatus(request: Request & { readonly status: readonly number[] }): Check<'http'> {
  return {
    scope: request.scope,
    probe: probeOf(request),
    expected: `${describe(request)}: ${request.status.join(' or ')}`,
    strength: 'effect',
    judge: (fact) =>
      fact.status !== 0 && request.status.includes(fact.status) ? pass(shown(fact)) : fail(shown(fact)),
  };
}

/** The request is answered with 200 and a JSON body of which the kept fields hold what they must. */
export function httpBody(
  request: Request & {
    /** Dotted paths of the fields that are looked at; nothing else is collected. */
    readonly keep: readonly string[];
    readonly holds: (body: Json) => boolean;
    readonly expected: string;
  },
): Check<'http'> {
  return {
    scope: request.scope,
    probe: { ...probeOf(request), keep: request.keep },
    expected: `${describe(request)}: ${request.expected}`,
    strength: 'live',
    judge: (fact) => {
      if (fact.status !== 200) return fail(shown(fact));
      const body = parsed(fact.body);
      if (body === undefined) return fail('no JSON');
      return request.holds(body) ? pass(brief(fact.body)) : fail(brief(fact.body));
    },
  };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
