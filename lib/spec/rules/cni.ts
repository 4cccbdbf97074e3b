import type { Rule } from '../finding';

const control = 'network/policy-enforcement';

/** Without a network that enforces policies, default deny is a text that nothing reads. */
export const cni: Rule = ({ cni: chosen, waivers = [] }) => {
  if (chosen?.name !== 'external' || chosen.enforcesNetworkPolicies !== false) return [];
  if (waivers.some((waiver) => waiver?.control === control)) return [];
  return [
    {
      level: 'weaker',
      code: 'SPEC_CNI_NO_POLICIES',
      path: ['cni', 'enforcesNetworkPolicies'],
      message: 'a network that does not enforce NetworkPolicy leaves every pod open to every other',
      got: 'false',
      allowed: 'true',
      control,
      fix: `use cilium, or waive ${control} with a reason, an owner and a date`,
    },
  ];
};
