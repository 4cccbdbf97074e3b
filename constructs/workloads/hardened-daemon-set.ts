import { DaemonSet, type DaemonSetProps } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { HardenedConnections } from '../network/hardened-connections';
import { hardenWorkload } from './harden-workload';
import type { PodHardeningProps } from './pod-hardening-props';

/** Everything that cdk8s-plus offers, and how the pods are hardened. */
export interface HardenedDaemonSetProps extends DaemonSetProps, PodHardeningProps {}

/**
 * A DaemonSet that the level `restricted` admits as it is; its network is closed but for what `connections` opens.
 */
export class HardenedDaemonSet extends DaemonSet {
  override readonly connections = new HardenedConnections(this);

  constructor(scope: Construct, id: string, props: HardenedDaemonSetProps = {}) {
    super(scope, id, { isolate: true, ...props });
    hardenWorkload(this, props);
  }
}
