import { type Check, fail, pass } from './check';
import type { AccessProbe } from './probe';

type Question = Omit<AccessProbe, 'kind'>;

function describe(q: Question): string {
  const resource = [q.resource, q.subresource].filter(Boolean).join('/');
  const place = q.namespace ? ` in ${q.namespace}` : '';
  return `${q.user}: ${q.verb} ${q.nonResourcePath ?? resource}${q.name ? ` ${q.name}` : ''}${place}`;
}

/** The authorizers refuse the request. */
export function accessDenied(question: Question): Check<'access'> {
  return {
    scope: 'cluster',
    probe: { kind: 'access', ...question },
    absence: true,
    expected: `${describe(question)}: denied`,
    strength: 'effect',
    judge: ({ allowed, reason }) => (allowed ? fail(`allowed: ${reason.slice(0, 120)}`) : pass('denied')),
  };
}

/** The authorizers grant the request: the counterpart that shows a denial is no accident. */
export function accessAllowed(question: Question): Check<'access'> {
  return {
    scope: 'cluster',
    probe: { kind: 'access', ...question },
    expected: `${describe(question)}: allowed`,
    strength: 'effect',
    judge: ({ allowed, reason }) => (allowed ? pass('allowed') : fail(`denied: ${reason.slice(0, 120)}`)),
  };
}
