import { App, Chart } from 'cdk8s';
import { RuledAdmission } from '../../constructs';
import type { DryRunProbe } from '../../lib/checks/probe';
import { catalogue } from '../../lib/controls/registry';
import type { ProfileName } from '../../lib/profiles/profile';
import { resolve } from '../../lib/resolve';
import type { AdmissionRule } from '../../lib/settings/setting';
import { clusterSpecSchema } from '../../lib/spec/cluster-spec';
import { specInput } from './spec';

// biome-ignore lint/suspicious/noExplicitAny: any Kubernetes object
type KubernetesObject = any;

/** A rule of admission that a control brings along, with the objects that its checks try. */
export interface Ruled {
  readonly id: string;
  readonly rule: AdmissionRule;
  readonly tries: readonly KubernetesObject[];
}

/** The rules of admission of a profile. */
export function rulesOf(profile: ProfileName): readonly Ruled[] {
  const { cluster, controls } = resolve(clusterSpecSchema.parse(specInput({ profile })), catalogue);
  return controls.flatMap((control) => {
    const tries = control
      .checks(cluster)
      .flatMap(({ probe }) => (probe.kind === 'dry-run' ? [(probe as DryRunProbe).object] : []));
    return control
      .settings(cluster)
      .flatMap((setting) =>
        setting.kind === 'platform-feature' && setting.feature === 'admission-rule'
          ? [{ id: control.id, rule: setting.rule, tries }]
          : [],
      );
  });
}

/** The policies of some rules, as a cluster of their profile has them. */
export function policiesOf(ruled: readonly Ruled[]): readonly KubernetesObject[] {
  const chart = new Chart(new App(), 'rules');
  for (const { id, rule } of ruled)
    new RuledAdmission(chart, rule.name, { rule, exempt: ['kube-system'], control: id });
  return chart.toJson();
}
