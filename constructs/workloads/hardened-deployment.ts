import { Deployment, type DeploymentProps } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { HardenedConnections } from '../network/hardened-connections';
import { DisruptionBudget } from './disruption-budget';
import { hardenWorkload } from './harden-workload';
import type { PodHardeningProps } from './pod-hardening-props';

/** Everything that cdk8s-plus offers, and how the pods are hardened. */
export interface HardenedDeploymentProps extends DeploymentProps, PodHardeningProps {}

/**
 * A Deployment that the level `restricted` admits as it is. Its replicas keep apart and are drained one at a time; its
 * network is closed but for what `connections` opens.
 */
export class HardenedDeployment extends Deployment {
  override readonly connections = new HardenedConnections(this);

  constructor(scope: Construct, id: string, props: HardenedDeploymentProps = {}) {
    super(scope, id, { isolate: true, ...props });
    hardenWorkload(this, props);
    new DisruptionBudget(this, 'DisruptionBudget');
  }
}
