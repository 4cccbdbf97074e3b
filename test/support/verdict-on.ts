import { exampleCluster } from '../../cli/example-cluster';
import type { AnyCheck, Judgement } from '../../lib/checks';
import type { Facts, ProbeKind } from '../../lib/checks/probe';
import type { Control } from '../../lib/controls/control';

/**
 * What a control's checks say of the example cluster when every probe of a kind brings back the same fact: `fail` where
 * any check fails.
 *
 * @throws Error where the control has no check, or one of a kind for which no fact is given
 */
export function verdictOn(
  control: Control,
  facts: { readonly [K in ProbeKind]?: Facts[K] },
): 'pass' | 'fail' | 'not-applicable' {
  const checks = control.checks(exampleCluster().cluster);
  if (checks.length === 0) throw new Error(`${control.id} has no check`);
  const verdicts = checks.map((check) => judge(check, facts).verdict);
  return (
    verdicts.find((verdict) => verdict === 'fail') ?? verdicts.find((verdict) => verdict === 'pass') ?? 'not-applicable'
  );
}

function judge(check: AnyCheck, facts: { readonly [K in ProbeKind]?: Facts[K] }): Judgement {
  const fact = facts[check.probe.kind];
  if (fact === undefined) throw new Error(`no fact of kind ${check.probe.kind} is given`);
  return (check.judge as (fact: unknown) => Judgement)(fact);
}
