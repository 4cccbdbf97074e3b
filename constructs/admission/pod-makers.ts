import type { LabelRequirement, NamedExpression, ResourceRule } from '../api-objects/admission-policy';

const onChange = ['CREATE', 'UPDATE'] as const;

/** Pods themselves, debug containers included. */
export const pods: ResourceRule = {
  apiGroups: [''],
  apiVersions: ['v1'],
  operations: onChange,
  resources: ['pods', 'pods/ephemeralcontainers'],
};

/** Everything that holds the template of a pod: refusing it tells the author at once, not a controller's event later. */
export const podTemplates: readonly ResourceRule[] = [
  { apiGroups: [''], apiVersions: ['v1'], operations: onChange, resources: ['podtemplates', 'replicationcontrollers'] },
  {
    apiGroups: ['apps'],
    apiVersions: ['v1'],
    operations: onChange,
    resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  },
  { apiGroups: ['batch'], apiVersions: ['v1'], operations: onChange, resources: ['cronjobs', 'jobs'] },
];

/** The pod of whatever the request is about, with `metadata` and `spec`. Untyped: one expression reads every kind. */
export const podOf = (object: 'object' | 'oldObject'): string =>
  `(request.resource.resource == 'pods' ? dyn(${object})
  : request.resource.resource == 'podtemplates' ? dyn(${object}).template
  : request.resource.resource == 'cronjobs' ? dyn(${object}).spec.jobTemplate.spec.template
  : dyn(${object}).spec.template)`;

/** False where an update leaves the pod as it is: what ran before a policy came can still be scaled and labelled. */
export const podChanges: NamedExpression = {
  name: 'pod-changes',
  expression: `request.operation == 'CREATE' || ${podOf('object')}.spec != ${podOf('oldObject')}.spec`,
};

/** Static pods do not ask; their mirrors come from the kubelet, which NodeRestriction keeps to its own. */
export const notAMirrorPod: NamedExpression = {
  name: 'not-a-mirror-pod',
  expression: "!('system:nodes' in request.userInfo.groups)",
};

/** Variables that read the pod: `pod`, `spec`, `containers` (of every kind) and `what`, the object in words. */
export const podVariables: readonly NamedExpression[] = [
  { name: 'pod', expression: podOf('object') },
  { name: 'spec', expression: 'variables.pod.spec' },
  {
    name: 'containers',
    expression:
      'variables.spec.containers + variables.spec.?initContainers.orValue([]) + variables.spec.?ephemeralContainers.orValue([])',
  },
  {
    name: 'what',
    // A pod made from a template has no name yet.
    expression: `request.kind.kind + ' "' + dyn(object).metadata.?name.orValue(dyn(object).metadata.?generateName.orValue('')) + '"'`,
  },
];

/** Level of the Pod Security Standards that the namespace enforces; `unlabelled` is what the cluster gives the others. */
export const namespaceLevel = (unlabelled: 'restricted'): NamedExpression => ({
  name: 'level',
  expression: `namespaceObject.metadata.?labels[?'pod-security.kubernetes.io/enforce'].orValue('${unlabelled}')`,
});

/** Every namespace but these. */
export const except = (namespaces: readonly string[]): readonly LabelRequirement[] => [
  { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: namespaces },
];
