import { readPod } from '../../pod-security/pod';
import { checksOf } from '../../pod-security/pod-security';
import { podOf } from '../manifest';
import type { Rule } from '../rule';

/** The `restricted` level of the Pod Security Standards, a rule for each check. */
export const podSecurityRules: readonly Rule[] = checksOf('restricted').map((check) => ({
  control: `pod-security/${check.id}`,
  severity: 'error',
  fix: check.fix,
  judge: (object) => {
    const place = podOf(object);
    if (!place) return [];
    const violation = check.judge(readPod(place.metadata, place.spec));
    if (!violation) return [];
    const paths = violation.paths.length > 0 ? violation.paths : [''];
    return paths.map((path) => ({
      path: path === '' ? place.path : `${place.path}.${path}`,
      message: `restricted refuses ${violation.reason}: ${violation.detail}`,
    }));
  },
}));
