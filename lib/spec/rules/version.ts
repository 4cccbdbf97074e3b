import { releases } from '../../release';
import type { Rule } from '../finding';
import { nearFix } from '../near';

/** The Kubernetes version is one whose components are known and tested together. */
export const version: Rule = ({ kubernetesVersion }) => {
  const allowed = Object.entries(releases).flatMap(([minor, { kubernetes }]) => [minor, kubernetes]);
  if (kubernetesVersion === undefined || allowed.includes(kubernetesVersion)) return [];
  return [
    {
      code: 'SPEC_VERSION_UNSUPPORTED',
      path: ['kubernetesVersion'],
      message: 'this Kubernetes version is not supported',
      got: kubernetesVersion,
      allowed: allowed.join(', '),
      fix: nearFix(kubernetesVersion, allowed, 'choose a supported version'),
    },
  ];
};
