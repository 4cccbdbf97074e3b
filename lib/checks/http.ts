import { type Check, fail, pass } from './check';
import type { HttpFact, HttpProbe, Scope } from './probe';

interface Request {
  readonly scope: Scope;
  readonly url: string;
  readonly method?: HttpProbe['method'];
  readonly client?: HttpProbe['client'];
}

const probeOf = ({ url, method, client }: Request): HttpProbe => ({ kind: 'http', url, method, client });

const clientText = {
  none: 'without credentials',
  admin: 'as admin',
  kubelet: "with the kubelet's certificate",
} as const;

const describe = ({ url, method = 'GET', client = 'none' }: Request): string =>
  `${method} ${url} ${clientText[client]}`;

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
