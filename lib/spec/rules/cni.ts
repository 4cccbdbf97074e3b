import type { Finding, Rule } from '../finding';
import type { PartialSpec } from '../partial-spec';

/** What a spec says of its network that is less than a control asks, if anything. */
function weakness({ cni }: PartialSpec): (Finding & { readonly control: string }) | undefined {
  if (cni?.name === 'external' && cni.enforcesNetworkPolicies === false) {
    const control = 'network/policy-enforcement';
    return {
      code: 'SPEC_CNI_NO_POLICIES',
      path: ['cni', 'enforcesNetworkPolicies'],
      message: 'a network that does not enforce NetworkPolicy leaves every pod open to every other',
      got: 'false',
      allowed: 'true',
      control,
      fix: `use cilium, or waive ${control} with a reason, an owner and a date`,
    };
  }
  if (cni?.name === 'cilium' && cni.encryption === 'none') {
    const control = 'network/pod-encryption';
    return {
      code: 'SPEC_CNI_NO_ENCRYPTION',
      path: ['cni', 'encryption'],
      message: 'whoever sits on the network between the nodes reads what pods say to each other',
      got: 'none',
      allowed: 'wireguard',
      control,
      fix: `write \`encryption: wireguard\`, or waive ${control} with a reason, an owner and a date`,
    };
  }
  return undefined;
}

/** Without enforced policies and encryption between nodes, what other controls say of the network is a text that nothing reads. */
export const cni: Rule = (spec) => {
  const found = weakness(spec);
  if (!found) return [];
  const { control } = found;
  // A waiver of some nodes or objects gives up less than the network does.
  const waived = spec.waivers?.some(
    (waiver) => waiver?.control === control && !waiver.nodes && !waiver.namespaces && !waiver.objects,
  );
  if (waived) return [];
  return [{ level: 'weaker', ...found }];
};
