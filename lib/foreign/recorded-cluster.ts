import type { ClusterSpec } from '../spec/cluster-spec';
import { readSpecRecord, specRecord } from '../spec/spec-record';
import { type ClusterFacts, factOf } from './cluster-facts';
import { type DescribeOptions, describeCluster, type ForeignCluster } from './describe-cluster';

const place = `ConfigMap ${specRecord.namespace}/${specRecord.name}`;

/** Describes a cluster by the record of its spec, else by what it tells, as `describeCluster`. */
export function describeRecorded(facts: ClusterFacts, options: DescribeOptions): ForeignCluster {
  const described = describeCluster(facts, options);
  const text = factOf(facts.recordedSpec);
  if (text === undefined || text === null) return described;
  const record = readSpecRecord(text);
  if ('unreadable' in record) {
    const warning = `${place} is no spec of this version, so the cluster is described by what it runs with: ${record.unreadable}`;
    return { ...described, warnings: [...described.warnings, warning] };
  }
  const { spec } = record;
  return {
    ...described,
    spec,
    recorded: true,
    warnings: [...described.warnings, ...differences(spec, described.spec)],
  };
}

/** Nodes that were made or taken out since, by somebody else. */
function differences(recorded: ClusterSpec, running: ClusterSpec): readonly string[] {
  const only = (one: ClusterSpec, other: ClusterSpec) =>
    one.nodes.map(({ name }) => name).filter((name) => !other.nodes.some((node) => node.name === name));
  return [
    ...only(running, recorded).map((name) => `node ${name} is in the cluster and not in the record of its spec`),
    ...only(recorded, running).map((name) => `node ${name} is in the record of the spec and not in the cluster`),
  ];
}
