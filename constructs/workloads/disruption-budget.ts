import { Lazy } from 'cdk8s';
import { k8s, type Workload } from 'cdk8s-plus-27';

/** Lets nodes be drained one replica at a time, and never waits for a replica that is broken anyway. */
export class DisruptionBudget extends k8s.KubePodDisruptionBudget {
  constructor(workload: Workload, id: string) {
    super(workload, id, {
      metadata: { namespace: workload.metadata.namespace },
      // Selectors may be added to the workload later.
      spec: Lazy.any({
        produce: () => ({
          maxUnavailable: k8s.IntOrString.fromNumber(1),
          selector: {
            matchLabels: workload.matchLabels,
            ...(workload.matchExpressions.length > 0 && { matchExpressions: workload.matchExpressions }),
          },
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        }),
      }),
    });
  }
}
