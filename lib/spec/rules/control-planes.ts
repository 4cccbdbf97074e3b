import type { Rule } from '../finding';

/** etcd survives the loss of a minority only, so an even number of members costs a node and saves none. */
export const controlPlanes: Rule = ({ nodes }) => {
  // Where a role cannot be read the number is unknown, and the error about the role stands alone.
  if (!nodes || nodes.some((node) => node?.role === undefined)) return [];
  const count = nodes.filter((node) => node?.role === 'control-plane').length;
  if (count === 0) {
    return [
      {
        code: 'SPEC_NO_CONTROL_PLANE',
        path: ['nodes'],
        message: 'a cluster needs a control plane',
        got: 'only workers',
        allowed: 'an odd number of control planes',
        fix: 'give one node `role: control-plane`',
      },
    ];
  }
  if (count % 2 === 1) return [];
  return [
    {
      code: 'SPEC_CONTROL_PLANES_EVEN',
      path: ['nodes'],
      message: 'etcd needs an odd number of control planes',
      got: String(count),
      allowed: '1, 3 or 5',
      fix: `make it ${count - 1} or ${count + 1}`,
    },
  ];
};
