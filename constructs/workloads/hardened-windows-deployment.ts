import { ApiObject, JsonPatch } from 'cdk8s';
import type { DeploymentProps } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { HardenedDeployment } from './hardened-deployment';
import type { PodHardeningProps } from './pod-hardening-props';

/** Everything that cdk8s-plus offers, and how the pods are hardened. `userNamespace` and `appArmor` are Linux's. */
export interface HardenedWindowsDeploymentProps extends DeploymentProps, PodHardeningProps {}

/**
 * A HardenedDeployment for Windows nodes: its containers run as `ContainerUser`, never as processes of the node, and the
 * pods have no field that only Linux knows. Windows has no read-only root file system, no capabilities, no seccomp and
 * no user namespaces, so that less holds a container there.
 *
 * Not proven: an API server takes its output with the level `restricted` enforced, but it has run on no Windows node.
 */
export class HardenedWindowsDeployment extends HardenedDeployment {
  constructor(scope: Construct, id: string, props: HardenedWindowsDeploymentProps = {}) {
    super(scope, id, props);
    ApiObject.of(this).addJsonPatch(JsonPatch.add('/spec/template/spec/os', { name: 'windows' }));
  }
}
