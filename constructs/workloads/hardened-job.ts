import { Duration } from 'cdk8s';
import { Job, type JobProps } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { HardenedConnections } from '../network/hardened-connections';
import { hardenWorkload } from './harden-workload';
import type { PodHardeningProps } from './pod-hardening-props';

/** Everything that cdk8s-plus offers, and how the pods are hardened. */
export interface HardenedJobProps extends JobProps, PodHardeningProps {}

/**
 * A Job that the level `restricted` admits as it is; its network is closed but for what `connections` opens. A day after
 * it has finished it is removed with its pods and their logs, unless `ttlAfterFinished` says otherwise.
 */
export class HardenedJob extends Job {
  override readonly connections = new HardenedConnections(this);

  constructor(scope: Construct, id: string, props: HardenedJobProps = {}) {
    super(scope, id, { isolate: true, ttlAfterFinished: Duration.days(1), ...props });
    hardenWorkload(this, props);
  }
}
