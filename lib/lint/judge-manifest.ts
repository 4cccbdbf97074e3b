import { compare, type EscalationBaseline, findEscalations } from '../escalation';
import { type Fields, fieldsOf, textOf } from '../fields';
import { readNetwork } from '../network-policy';
import { readPod } from '../pod-security/pod';
import type { Finding } from './finding';
import { podsOf, referenceOf } from './manifest';
import type { Fault, Rule, RuleDescription, SetRule } from './rule';
import { connectionRules } from './rules/connections';
import { escalationRules } from './rules/escalations';
import { exposureRules } from './rules/exposure';
import { imageRules } from './rules/images';
import { networkPolicyRules, networkPolicySetRules } from './rules/network-policies';
import { podSecurityRules } from './rules/pod-security';
import { podRules } from './rules/pods';
import { rbacRules } from './rules/rbac';
import { registryRules } from './rules/registries';
import { secretRules } from './rules/secrets';
import { tlsRules, tlsSetRules } from './rules/tls';
import { faultOfWaiver, parseWaivers, shortestReason, type WorkloadWaiver, waiversAnnotation } from './waiver';

/** Every rule about one object, in the order in which findings come. */
export const lintRules: readonly Rule[] = [
  ...podSecurityRules,
  ...podRules,
  ...imageRules,
  ...rbacRules,
  ...secretRules,
  ...exposureRules,
  ...networkPolicyRules,
  ...tlsRules,
];

/** Every rule about objects together; their findings come after those about the object alone. */
export const setRules: readonly SetRule[] = [
  ...networkPolicySetRules,
  ...connectionRules,
  ...tlsSetRules,
  ...escalationRules,
  ...registryRules,
];

const validWaiver: RuleDescription = {
  control: 'waivers/valid',
  severity: 'error',
  why: 'A waiver that nobody answers for, or that has ended, hides a weakness for ever.',
  fix: `write control: reason of ${shortestReason} characters or more (owner, until YYYY-MM-DD), or mend the object`,
};
const usedWaiver: RuleDescription = {
  control: 'waivers/used',
  severity: 'warning',
  why: 'A waiver that covers nothing would cover the next mistake.',
  fix: 'remove it',
};

/** Whatever findings can name. */
export const allRules: readonly RuleDescription[] = [...lintRules, ...setRules, validWaiver, usedWaiver];

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
  return verdictOn(object, findingsIn(object), lintRules, today);
}

/**
 * Judges objects that are applied together: each by itself, and what they come to. A waiver is read from the object
 * that the finding is about.
 *
 * @param today the day that waivers are held against, as YYYY-MM-DD
 * @param accepted ways to more rights that are known. @default none
 * @returns a verdict for each object, in the same order
 */
export function judgeManifests(
  objects: readonly Fields[],
  today: string,
  accepted?: EscalationBaseline,
): readonly Verdict[] {
  const network = readNetwork(objects);
  const found = findEscalations(objects, {}, network);
  const set = { objects, network, escalations: accepted ? compare(found, accepted).fresh : found };
  const together = new Map<Fields, Finding[]>();
  for (const { control, severity, fix, judge } of setRules) {
    for (const { object, ...fault } of judge(set)) {
      const finding: Finding = { control, severity, fix, ...fault, object: referenceOf(object) };
      together.set(object, [...(together.get(object) ?? []), finding]);
    }
  }
  const rules = [...lintRules, ...setRules];
  return objects.map((object) =>
    verdictOn(object, [...findingsIn(object), ...(together.get(object) ?? [])], rules, today),
  );
}

function findingsIn(object: Fields): readonly Finding[] {
  const reference = referenceOf(object);
  const pods = podsOf(object).map(({ path, metadata, spec }) => ({ ...readPod(metadata, spec), at: path }));
  return lintRules.flatMap(({ control, severity, fix, judge }) => {
    const faults = pods.length > 1 ? distinct(pods.flatMap((pod) => judge(object, pod))) : judge(object, pods[0]);
    return faults.map((fault): Finding => ({ control, severity, fix, ...fault, object: reference }));
  });
}

/** What a rule says of an object without looking at its pods, it says for each of them. */
function distinct(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.path} ${fault.message}`, fault])).values()];
}

/** @param judged the rules that had their say: a waiver of another is not held to cover nothing */
function verdictOn(
  object: Fields,
  all: readonly Finding[],
  judged: readonly RuleDescription[],
  today: string,
): Verdict {
  const reference = referenceOf(object);
  const annotation = textOf(fieldsOf(fieldsOf(object.metadata).annotations)[waiversAnnotation]);
  // A namespace is waived as a whole, by the level that it enforces.
  if (annotation === '' || object.kind === 'Namespace') return { findings: all, waived: [] };

  const { waivers, unreadable } = parseWaivers(annotation);
  const faults: Finding[] = [];
  const report = ({ control, severity, fix }: RuleDescription, message: string): void => {
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
    report(validWaiver, `"${text}" is no waiver`);
  }
  const valid = waivers.filter((waiver) => {
    const isKnown = [...lintRules, ...setRules].some(({ control }) => control === waiver.control);
    const fault = isKnown ? faultOfWaiver(waiver, today) : 'no such control';
    if (fault) report(validWaiver, `the waiver of ${waiver.control} does not count: ${fault}`);
    return !fault;
  });
  const covers = (finding: Finding): boolean => valid.some(({ control }) => control === finding.control);
  const coversNothing = ({ control }: WorkloadWaiver): boolean =>
    judged.some((rule) => rule.control === control) && !all.some((finding) => finding.control === control);
  for (const { control } of valid.filter(coversNothing)) {
    report(usedWaiver, `the waiver of ${control} covers nothing`);
  }
  return { findings: [...all.filter((finding) => !covers(finding)), ...faults], waived: all.filter(covers) };
}
