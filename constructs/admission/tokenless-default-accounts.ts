import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { MutatingAdmissionPolicy, type ResourceRule, ValidatingAdmissionPolicy } from '../api-objects/admission-policy';

export interface TokenlessDefaultAccountsProps {
  /** Namespaces that exist when the policies come, whose default account is set rather than made. */
  readonly namespaces: readonly string[];
  /** Kubernetes minor, for example `1.36`: the first whose API server fills the field by policy. */
  readonly minor: string;
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

const onAccounts: readonly ResourceRule[] = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['serviceaccounts'] },
];
const isDefault = { name: 'default-account', expression: "object.metadata.name == 'default'" };

/** First minor that serves `admissionregistration.k8s.io/v1` MutatingAdmissionPolicy without a feature gate. */
const firstMutatingMinor = 36;

/**
 * Keeps tokens away from default service accounts: those there are, those of namespaces made later, and pods that ask
 * for a token with the default account all the same.
 *
 * Before Kubernetes 1.36 nothing can fill the field of accounts made later: they may leave it out, and their pods are
 * refused until they say `automountServiceAccountToken: false` themselves.
 */
export class TokenlessDefaultAccounts extends Construct {
  constructor(scope: Construct, id: string, props: TokenlessDefaultAccountsProps) {
    super(scope, id);
    const fills = Number(props.minor.split('.')[1]) >= firstMutatingMinor;
    if (fills) {
      new MutatingAdmissionPolicy(this, 'fill', {
        name: 'bulwark-tokenless-default-accounts',
        resources: onAccounts,
        matchConditions: [isDefault, { name: 'unset', expression: '!has(object.automountServiceAccountToken)' }],
        applyConfiguration: 'Object{automountServiceAccountToken: false}',
      });
    }
    new ValidatingAdmissionPolicy(this, 'keep', {
      name: 'bulwark-tokenless-default-accounts',
      resources: onAccounts,
      matchConditions: [isDefault],
      validations: [
        {
          expression: `!object.?automountServiceAccountToken.orValue(${fills})`,
          messageExpression: `'${props.control}: the default service account of namespace ' + request.namespace + ' gets no token. Create a service account of its own for the workload that needs one.'`,
        },
      ],
    });
    new ValidatingAdmissionPolicy(this, 'pods', {
      name: 'bulwark-tokenless-default-pods',
      resources: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      matchConditions: [
        { name: 'default-account', expression: "object.spec.?serviceAccountName.orValue('default') == 'default'" },
      ],
      validations: [
        {
          // The API server has mounted the token by now, so this sees it whoever asked for it.
          expression:
            '!object.spec.?volumes.orValue([]).exists(v, v.?projected.?sources.orValue([]).exists(s, has(s.serviceAccountToken)))',
          messageExpression: `'${props.control}: pods of the default service account get no token. Give the pod a service account of its own, or set automountServiceAccountToken: false.'`,
        },
      ],
    });
    for (const namespace of props.namespaces) {
      new k8s.KubeServiceAccount(this, namespace, {
        metadata: { name: 'default', namespace },
        automountServiceAccountToken: false,
      });
    }
  }
}
