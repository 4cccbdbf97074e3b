import {
  ComponentResource,
  type ComponentResourceOptions,
  CustomResource,
  type CustomResourceOptions,
  type Input,
  type Output,
} from '@pulumi/pulumi';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import type { NodeSource } from './nodes';
import { innerOptions } from './options';

/** Throw-away machines on this computer. */
export interface LabNodesArgs {
  /** Machines beside the one control plane. @default 2 */
  readonly workers?: Input<number>;
  /** Remove the machines when the stack is destroyed. @default false */
  readonly destroyMachines?: Input<boolean>;
  /** Where their keys are kept. @default .bulwark/<stack>/<name> in the working directory */
  readonly stateDirectory?: Input<string>;
}

class Lab extends CustomResource {
  declare readonly spec: Output<Partial<ClusterSpecInput>>;
  declare readonly artifactsDirectory: Output<string>;

  constructor(name: string, inputs: Readonly<Record<string, Input<unknown>>>, options: CustomResourceOptions) {
    super('bulwark:index:Lab', name, { ...inputs, spec: undefined, artifactsDirectory: undefined }, options);
  }
}

/** Containers with systemd and sshd, in Podman; needs root. The waivers are what containers force. */
export class LabNodes extends ComponentResource implements NodeSource {
  readonly spec: Output<Partial<ClusterSpecInput>>;
  readonly artifactsDirectory: Output<string>;

  /**
   * @param name of the lab, which keeps it when the resource is renamed; two labs with different names are independent
   */
  constructor(name: string, args: LabNodesArgs = {}, options: ComponentResourceOptions = {}) {
    super('bulwark:index:LabNodes', name, {}, options);
    const { workers = 2, destroyMachines = false, stateDirectory } = args;
    const lab = new Lab(name, { workers, destroyMachines, stateDirectory }, innerOptions(this, options));
    this.spec = lab.spec;
    this.artifactsDirectory = lab.artifactsDirectory;
    this.registerOutputs({ spec: this.spec });
  }
}
