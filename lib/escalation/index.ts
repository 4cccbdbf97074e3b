export { baselineOf, compare, type EscalationBaseline, parseBaseline } from './baseline';
export type { ClusterOptions, Level } from './cluster';
export { type Escalation, findEscalations } from './find-escalations';
export { type Goal, goals } from './steps';
