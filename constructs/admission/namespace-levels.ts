import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { PodSecurityLevel } from '../namespaces/hardened-namespace';

export interface NamespaceLevelsProps {
  /** Lowest level of each namespace that may have another than `restricted`. */
  readonly levels: Readonly<Record<string, PodSecurityLevel>>;
  /** Kubernetes minor whose rules are enforced, for example `1.36`. */
  readonly minor: string;
  /** User that applies the spec, and may therefore do what the next spec says. */
  readonly runner: string;
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

const enforce = 'pod-security.kubernetes.io/enforce';

/** Weakest last. */
const order = [PodSecurityLevel.RESTRICTED, PodSecurityLevel.BASELINE, PodSecurityLevel.PRIVILEGED];

/**
 * Keeps the Pod Security labels of namespaces: no level below the one that the spec gives, no rules of an older release.
 * Its limit: who may impersonate the runner, or delete admission policies, may do both; the audit log records it.
 */
export class NamespaceLevels extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: NamespaceLevelsProps) {
    const labels = (object: string) => `${object}.metadata.?labels.orValue({})`;
    const before = (label: string) => `(oldObject == null ? '' : ${labels('oldObject')}[?'${label}'].orValue(''))`;
    super(scope, id, {
      name: 'bulwark-namespace-levels',
      resources: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['namespaces'] },
      ],
      matchConditions: [
        { name: 'not-the-spec', expression: `request.userInfo.username != '${props.runner}'` },
        {
          name: 'label-changes',
          expression: [enforce, `${enforce}-version`]
            .map((label) => `${labels('object')}[?'${label}'].orValue('') != ${before(label)}`)
            .join(' || '),
        },
      ],
      variables: [
        { name: 'order', expression: JSON.stringify(order) },
        { name: 'levels', expression: JSON.stringify(props.levels) },
        {
          name: 'floor',
          expression: `object.metadata.name in variables.levels ? variables.levels[object.metadata.name] : '${PodSecurityLevel.RESTRICTED}'`,
        },
        { name: 'level', expression: `${labels('object')}[?'${enforce}'].orValue('${PodSecurityLevel.RESTRICTED}')` },
        { name: 'version', expression: `${labels('object')}[?'${enforce}-version'].orValue('latest')` },
      ],
      validations: [
        {
          // A level that does not exist is the API server's to refuse; here it ranks last.
          expression:
            '(variables.level in variables.order ? variables.order.indexOf(variables.level) : 9) <= variables.order.indexOf(variables.floor)',
          messageExpression: `'${props.control}: namespace "' + object.metadata.name + '" keeps Pod Security level ' + variables.floor + ' and gets no ' + variables.level + '. Levels are changed in the spec: namespaces[].level, with a waiver.'`,
        },
        {
          expression: `variables.version in ['latest', 'v${props.minor}']`,
          messageExpression: `'${props.control}: namespace "' + object.metadata.name + '" is held to the rules of v${props.minor}, not to those of ' + variables.version + '. Leave the label ${enforce}-version out.'`,
        },
      ],
    });
  }
}
