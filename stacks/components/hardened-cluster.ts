import { readFileSync } from 'node:fs';
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  Config,
  CustomResource,
  type CustomResourceOptions,
  type Input,
  type Output,
  RunError,
} from '@pulumi/pulumi';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import type { NodeSource } from './nodes';
import { innerOptions } from './options';

/** What a cluster is made of. */
export interface HardenedClusterArgs {
  /** The spec, or the path of its `cluster.yaml`. What the machines decide may be left out. */
  readonly spec?: Input<Partial<ClusterSpecInput>> | string;
  /** The machines. @default those of the spec */
  readonly nodes?: NodeSource;
  /**
   * Workers that left the spec and whose machine is gone for good: only their Node object is deleted, and nobody logs in
   * to them. A machine that comes back keeps its key to the cluster. Names may stay here. @default none
   */
  readonly forgetNodes?: Input<readonly string[]>;
  /** Lets an update take controls away without a waiver. @default the config value `bulwark:allowWeaker`, else false */
  readonly allowWeaker?: Input<boolean>;
  /** Take the cluster off its nodes when the stack is destroyed; its data is lost. @default false */
  readonly destroyCluster?: Input<boolean>;
  /** Where the bundle is kept on this computer. @default .bulwark/<stack>/<name> in the working directory */
  readonly stateDirectory?: Input<string>;
}

/** How many controls stand how, when it was seen last. */
export interface EvidenceSummary {
  readonly pass: number;
  readonly fail: number;
  readonly waived: number;
  readonly error: number;
  readonly 'not-applicable': number;
  readonly 'not-observed': number;
  readonly profile: string;
  /** When it was first seen to be so. ISO 8601, UTC. */
  readonly at: string;
}

/** What the provider gives back. */
interface ClusterOutputs {
  readonly endpoint: Output<string>;
  readonly caCertificate: Output<string>;
  readonly kubeconfig: Output<string>;
  readonly evidence: Output<EvidenceSummary>;
  readonly bundleDigest: Output<string>;
  readonly nodeStates: Output<Readonly<Record<string, string>>>;
  readonly drift: Output<Readonly<Record<string, string>>>;
}

const outputNames = ['endpoint', 'caCertificate', 'kubeconfig', 'evidence', 'bundleDigest', 'nodeStates', 'drift'];

class Cluster extends CustomResource {
  constructor(name: string, inputs: Readonly<Record<string, Input<unknown>>>, options: CustomResourceOptions) {
    const unset = Object.fromEntries(outputNames.map((output) => [output, undefined]));
    super('bulwark:index:Cluster', name, { ...inputs, ...unset, plan: undefined }, options);
  }
}

/**
 * A hardened Kubernetes cluster on machines that exist. A preview shows per node which files, arguments and controls
 * change; an update that would weaken the cluster fails; `pulumi refresh` shows drift by control, and the next update
 * repairs it. Destroying the stack leaves the cluster running unless `destroyCluster` says otherwise. The cluster is
 * called as its spec says, or else as the resource was when it was made.
 */
export class HardenedCluster extends ComponentResource {
  /** URL of the API server. */
  readonly endpoint: Output<string>;
  /** PEM. */
  readonly caCertificate: Output<string>;
  /** Holds no credential: clients have `bulwark credential` mint one over SSH. */
  readonly kubeconfig: Output<string>;
  readonly evidence: Output<EvidenceSummary>;
  /** SHA-256 of the bundle's manifest, hexadecimal. */
  readonly bundleDigest: Output<string>;
  /** By node, its most pressing verdict. */
  readonly nodeStates: Output<Readonly<Record<string, string>>>;
  /** By control, what is wrong since the last refresh. */
  readonly drift: Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: HardenedClusterArgs, options: ComponentResourceOptions = {}) {
    super('bulwark:index:HardenedCluster', name, {}, options);
    const given: Input<Partial<ClusterSpecInput>> =
      typeof args.spec === 'string' ? readSpec(args.spec) : (args.spec ?? {});
    // What the program says goes before what the machines bring; waivers of both hold.
    const spec = all([args.nodes?.spec ?? {}, given]).apply(([machines, own]) => ({
      ...machines,
      ...own,
      waivers: [...(machines.waivers ?? []), ...(own.waivers ?? [])],
    }));
    const cluster = new Cluster(
      name,
      {
        spec,
        stateDirectory: args.stateDirectory,
        artifactsDirectory: args.nodes?.artifactsDirectory,
        forgetNodes: args.forgetNodes,
        allowWeaker: args.allowWeaker ?? new Config('bulwark').getBoolean('allowWeaker') ?? false,
        destroyCluster: args.destroyCluster ?? false,
      },
      innerOptions(this, options),
    ) as unknown as ClusterOutputs;
    this.endpoint = cluster.endpoint;
    this.caCertificate = cluster.caCertificate;
    this.kubeconfig = cluster.kubeconfig;
    this.evidence = cluster.evidence;
    this.bundleDigest = cluster.bundleDigest;
    this.nodeStates = cluster.nodeStates;
    this.drift = cluster.drift;
    this.registerOutputs({ endpoint: this.endpoint, kubeconfig: this.kubeconfig, evidence: this.evidence });
  }
}

/**
 * Loads the parser only where a program names a file.
 *
 * @throws RunError where the file cannot be read, which the engine prints without a stack
 */
function readSpec(path: string): Partial<ClusterSpecInput> {
  const { parse } = require('yaml') as typeof import('yaml');
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new RunError(`the spec ${path} cannot be read: ${(error as Error).message}`);
  }
}
