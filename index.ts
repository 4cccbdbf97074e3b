export * from './constructs';
export * from './kubeadm';
export type { AnyCheck, Check, Judgement, Strength } from './lib/checks/check';
export type { NodeObservations, Observation, Probe } from './lib/checks/probe';
export type { Control, Severity, Threat } from './lib/controls/control';
export { catalogue } from './lib/controls/registry';
export { type ErrorKind, exitCodes, formatIssue, HardeningError, type Issue } from './lib/errors';
export { type ActiveProfile, type Profile, type ProfileName, profileNames } from './lib/profiles/profile';
export { profiles } from './lib/profiles/profiles';
export { type Minor, minors, type Release, releases } from './lib/release';
export { type Resolution, resolve } from './lib/resolve';
export type { ResolvedCluster } from './lib/resolved-cluster';
export {
  type ClusterSpec,
  type ClusterSpecInput,
  clusterSpecSchema,
  type NodeSpec,
  type Role,
  type Waiver,
} from './lib/spec/cluster-spec';
export { type ParsedSpec, type ParseOptions, parseSpec } from './lib/spec/parse';
