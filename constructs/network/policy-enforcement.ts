import { HardeningError } from '../../lib/errors';
import { waiverOf } from '../../lib/resolve';
import type { ResolvedCluster } from '../../lib/resolved-cluster';

const control = 'network/policy-enforcement';

/**
 * Refuses a network that lets every pod reach every other, because its NetworkPolicies would be accepted and ignored.
 *
 * @throws HardeningError of kind `weaker`, unless the control `network/policy-enforcement` is waived
 */
export function requirePolicyEnforcement(cluster: ResolvedCluster): void {
  const { cni } = cluster.spec;
  if (cni.name !== 'external' || cni.enforcesNetworkPolicies || waiverOf(cluster, control)) return;
  throw new HardeningError('weaker', [
    {
      code: 'NETWORK_POLICIES_NOT_ENFORCED',
      path: 'cni.enforcesNetworkPolicies',
      message: 'this network does not enforce NetworkPolicy, so no traffic between pods would be refused',
      got: 'false',
      allowed: 'true, or cni.name: cilium',
      fix: `choose a network that enforces policies, or waive ${control} with a reason`,
      control,
    },
  ]);
}
