import { boards as classes } from '../../boards/classes';
import type { Rule } from '../finding';

/** A board that is too small for its role fails in kubeadm's preflight, minutes later. */
export const boards: Rule = ({ nodes = [] }) =>
  nodes.flatMap((node, index) => {
    const name = node?.platform?.board;
    if (name === undefined || node?.role === undefined) return [];
    const { roles } = classes[name];
    if (roles.includes(node.role)) return [];
    return [
      {
        code: 'SPEC_BOARD_ROLE',
        path: ['nodes', index, 'role'],
        message: `a board of the class ${name} is too small for this role`,
        got: node.role,
        allowed: roles.join(', '),
        fix: 'make it a worker, and another machine the control plane',
      },
    ];
  });
