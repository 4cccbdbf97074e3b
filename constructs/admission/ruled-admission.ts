import type { Construct } from 'constructs';
import type { AdmissionRule } from '../../lib/settings/setting';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';

export interface RuledAdmissionProps {
  readonly rule: AdmissionRule;
  /** Namespaces of the control plane, to which the rule does not apply. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/** A rule of a control as a policy of the API server. */
export class RuledAdmission extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, { rule, exempt, control }: RuledAdmissionProps) {
    super(scope, id, {
      name: `bulwark-${rule.name}`,
      resources: [{ apiGroups: [''], apiVersions: ['v1'], operations: rule.operations, resources: rule.resources }],
      namespaceSelector: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: exempt }],
      variables: rule.variables,
      validations: [{ expression: rule.holds, messageExpression: `'${control}: ${rule.message}'` }],
    });
  }
}
