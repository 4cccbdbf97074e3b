import { type Goal, goals } from '../../escalation';
import type { SetRule } from '../rule';

const why: Readonly<Record<Goal, string>> = {
  'cluster-admin': 'Whoever takes over the first link of the chain has the whole cluster.',
  node: 'Root on a node has every pod of it, their Secrets and their tokens.',
  secrets:
    'The Secrets of all namespaces hold the credentials of all teams, and the tokens of accounts with more rights.',
  'every-pod': 'Commands in every pod are the rights of every pod.',
  admission: 'Who changes what admission refuses lifts every rule about what may run.',
  traffic: 'Who says where a Service leads reads what is sent to it.',
  placement: 'Who moves pods brings theirs next to those of others, or those of others to a node that they have.',
};

/** Ways from subjects and pods to more rights than they were given: what rights, pods and network come to together. */
export const escalationRules: readonly SetRule[] = (Object.keys(goals) as Goal[]).map((goal) => ({
  control: `escalation/${goal}`,
  severity: 'error',
  why: why[goal],
  fix: 'break the chain at one of its links; what is known and accepted goes into a baseline (bulwark escalations --baseline)',
  judge: ({ escalations }) =>
    escalations
      .filter((each) => each.goal === goal)
      .map(({ object, finding: { severity, message, path, fix } }) => ({ object, severity, message, path, fix })),
}));
