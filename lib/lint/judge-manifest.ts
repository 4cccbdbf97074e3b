import { type Fields, fieldsOf, textOf } from '../fields';
import type { Finding, FindingSeverity } from './finding';
import { referenceOf } from './manifest';
import type { Rule } from './rule';
import { exposureRules } from './rules/exposure';
import { imageRules } from './rules/images';
import { podSecurityRules } from './rules/pod-security';
import { podRules } from './rules/pods';
import { rbacRules } from './rules/rbac';
import { secretRules } from './rules/secrets';
import { faultOfWaiver, parseWaivers, shortestReason, waiversAnnotation } from './waiver';

/** Every rule, in the order in which findings come. */
export const lintRules: readonly Rule[] = [
  ...podSecurityRules,
  ...podRules,
  ...imageRules,
  ...rbacRules,
  ...secretRules,
  ...exposureRules,
];

/** What was found about one object. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** Findings that a valid waiver of the object covers. */
  readonly waived: readonly Finding[];
}

/**
 * Judges one object by itself, as it would be sent to the API server. Waivers are read from its annotation; one that is
 * expired, unknown or unreadable is an error, one that covers nothing a warning.
 *
 * @param today the day that waivers are held against, as YYYY-MM-DD
 */
export function judgeManifest(object: Fields, today: string): Verdict {
  const reference = referenceOf(object);
  const all = lintRules.flatMap(({ control, severity, fix, judge }) =>
    judge(object).map((fault): Finding => ({ control, severity, fix, ...fault, object: reference })),
  );
  const annotation = textOf(fieldsOf(fieldsOf(object.metadata).annotations)[waiversAnnotation]);
  // A namespace is waived as a whole, by the level that it enforces.
  if (annotation === '' || object.kind === 'Namespace') return { findings: all, waived: [] };

  const { waivers, unreadable } = parseWaivers(annotation);
  const faults: Finding[] = [];
  const report = (control: string, severity: FindingSeverity, message: string, fix: string): void => {
    faults.push({
      control,
      severity,
      message,
      fix,
      path: `metadata.annotations["${waiversAnnotation}"]`,
      object: reference,
    });
  };
  for (const text of unreadable) {
    const format = `write control: reason of ${shortestReason} characters or more (owner, until YYYY-MM-DD)`;
    report('waivers/valid', 'error', `"${text}" is no waiver`, format);
  }
  const valid = waivers.filter((waiver) => {
    const isKnown = lintRules.some(({ control }) => control === waiver.control);
    const fault = isKnown ? faultOfWaiver(waiver, today) : 'no such control';
    if (fault)
      report(
        'waivers/valid',
        'error',
        `the waiver of ${waiver.control} does not count: ${fault}`,
        'renew it or mend the object',
      );
    return !fault;
  });
  const covers = (finding: Finding): boolean => valid.some(({ control }) => control === finding.control);
  for (const { control } of valid.filter(({ control }) => !all.some((finding) => finding.control === control))) {
    report('waivers/used', 'warning', `the waiver of ${control} covers nothing`, 'remove it');
  }
  return { findings: [...all.filter((finding) => !covers(finding)), ...faults], waived: all.filter(covers) };
}
