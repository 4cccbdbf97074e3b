export * from './bundle/assemble';
export type { ProbePlan } from './bundle/checks';
export { checkBundle, writeBundle } from './bundle/write';
export { paths } from './paths';
export type { HostPlan, Ownership, PlannedNode, UnitPlan } from './plan/host-plan';
export { type ClusterPlan, planCluster } from './plan/plan-cluster';
export type { NodeFile, NodePrograms, Planning, VerificationPrograms } from './plan/planning';
