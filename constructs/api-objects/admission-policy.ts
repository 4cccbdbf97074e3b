import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

/** What an admission policy looks at. */
export interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT')[];
  /** Plural names, subresources as `pods/ephemeralcontainers`. */
  readonly resources: readonly string[];
}

/** A named CEL expression. As a variable it is read as `variables.<name>`. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** A CEL expression that must be true, or the request is refused. */
export interface Validation {
  readonly expression: string;
  /** CEL expression that yields the text the requester sees. */
  readonly messageExpression: string;
}

/** One member of a label selector. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface ValidatingAdmissionPolicyProps {
  /** Name of the policy and of its binding. */
  readonly name: string;
  readonly resources: readonly ResourceRule[];
  /** Requests for which one of these is false are not judged. @default none */
  readonly matchConditions?: readonly NamedExpression[];
  /** Read by later variables and by validations. @default none */
  readonly variables?: readonly NamedExpression[];
  readonly validations: readonly Validation[];
  /** Namespaces that the binding covers. @default all */
  readonly namespaceSelector?: readonly LabelRequirement[];
  /** What becomes of a request that does not hold. @default it is denied, and the audit log says why */
  readonly actions?: readonly ('Deny' | 'Audit' | 'Warn')[];
}

/**
 * A ValidatingAdmissionPolicy with its binding (`admissionregistration.k8s.io/v1`). It denies with reason `Forbidden`,
 * writes the refusal to the audit log, and fails closed: an expression that cannot be evaluated refuses the request.
 */
export class ValidatingAdmissionPolicy extends ApiObject {
  constructor(scope: Construct, id: string, props: ValidatingAdmissionPolicyProps) {
    super(scope, id, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: props.name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: props.resources },
        matchConditions: props.matchConditions,
        variables: props.variables,
        validations: props.validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
      },
    });
    new ApiObject(this, 'binding', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: props.name },
      spec: {
        policyName: props.name,
        validationActions: props.actions ?? ['Deny', 'Audit'],
        matchResources: props.namespaceSelector && {
          namespaceSelector: { matchExpressions: props.namespaceSelector },
        },
      },
    });
  }
}

export interface MutatingAdmissionPolicyProps {
  /** Name of the policy and of its binding. */
  readonly name: string;
  readonly resources: readonly ResourceRule[];
  /** Requests for which one of these is false are left alone. @default none */
  readonly matchConditions?: readonly NamedExpression[];
  /** CEL expression that yields an `Object{…}` which is merged into the request's object by server-side apply rules. */
  readonly applyConfiguration: string;
}

/** A MutatingAdmissionPolicy with its binding (`admissionregistration.k8s.io/v1`, from Kubernetes 1.36). Fails closed. */
export class MutatingAdmissionPolicy extends ApiObject {
  constructor(scope: Construct, id: string, props: MutatingAdmissionPolicyProps) {
    super(scope, id, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: props.name },
      spec: {
        failurePolicy: 'Fail',
        reinvocationPolicy: 'Never',
        matchConstraints: { resourceRules: props.resources },
        matchConditions: props.matchConditions,
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: props.applyConfiguration } }],
      },
    });
    new ApiObject(this, 'binding', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: props.name },
      spec: { policyName: props.name },
    });
  }
}
