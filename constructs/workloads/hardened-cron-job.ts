import { CronJob, type CronJobProps } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { HardenedConnections } from '../network/hardened-connections';
import { hardenWorkload } from './harden-workload';
import type { PodHardeningProps } from './pod-hardening-props';

/** Everything that cdk8s-plus offers, and how the pods are hardened. */
export interface HardenedCronJobProps extends CronJobProps, PodHardeningProps {}

/**
 * A CronJob that the level `restricted` admits as it is; its network is closed but for what `connections` opens.
 */
export class HardenedCronJob extends CronJob {
  override readonly connections = new HardenedConnections(this);

  constructor(scope: Construct, id: string, props: HardenedCronJobProps) {
    super(scope, id, { isolate: true, ...props });
    hardenWorkload(this, props);
  }
}
