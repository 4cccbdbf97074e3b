import { checksOf } from '../../pod-security/pod-security';
import type { Rule } from '../rule';

/** The `restricted` level of the Pod Security Standards, a rule for each check. */
export const podSecurityRules: readonly Rule[] = checksOf('restricted').map((check) => ({
  control: `pod-security/${check.id}`,
  severity: 'error',
  why: check.why,
  fix: check.fix,
  judge: (_object, pod) => {
    const violation = pod && check.judge(pod);
    if (!violation) return [];
    const paths = violation.paths.length > 0 ? violation.paths : [''];
    return paths.map((path) => ({
      path: path === '' ? pod.at : `${pod.at}.${path}`,
      message: `restricted refuses ${violation.reason}: ${violation.detail}`,
    }));
  },
}));
