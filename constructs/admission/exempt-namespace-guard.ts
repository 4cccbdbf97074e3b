import type { Construct } from 'constructs';
import { type NamedExpression, ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import type { AllowedPod } from './allowed-pod';
import { notAMirrorPod, podChanges, pods, podTemplates, podVariables } from './pod-makers';

export interface ExemptNamespaceGuardProps {
  /** Namespaces that Pod Security does not judge. */
  readonly namespaces: readonly string[];
  readonly allowed: readonly AllowedPod[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/**
 * Admits pods, and workloads that make them, into exempt namespaces only from an allow-list; the requester's rights do
 * not matter, cluster-admin is refused like everybody.
 *
 * A pod is known by its content, because whoever may create a Deployment has a trusted controller create the pod:
 * service account, images, command lines, and everything that reaches the node or changes what the image runs must be
 * what the listed workload has. Pods made by hand are refused even with that content.
 *
 * Static pods do not ask: the kubelet starts them from files, and its mirror pods are left to NodeRestriction, so this
 * policy cannot stop a control plane. Its limit: who may delete admission policies may delete this one (the audit log
 * records it), and that is also the way out should it refuse something needed.
 */
export class ExemptNamespaceGuard extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: ExemptNamespaceGuardProps) {
    super(scope, id, {
      name: 'bulwark-exempt-namespace-guard',
      resources: [pods, ...podTemplates],
      namespaceSelector: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: props.namespaces }],
      matchConditions: [notAMirrorPod, { name: 'code-changes', expression: codeChanges }, podChanges],
      variables: [...facts(props.allowed), { name: 'strange', expression: strange }],
      validations: [
        {
          expression: 'size(variables.strange) == 0',
          messageExpression: `'${props.control}: ' + variables.what + ' is not on the allow-list of namespace ' + request.namespace + ': ' + variables.strange.join(', ') + '. Run it in a namespace of its own, which Pod Security judges.'`,
        },
      ],
    });
  }
}

/** False for updates of a pod that leave its images alone (tolerations): those of an older release must pass. */
const codeChanges = [
  "request.operation == 'CREATE'",
  "request.resource.resource != 'pods'",
  "request.?subResource.orValue('') == 'ephemeralcontainers'",
  'dyn(object).spec.containers.map(c, c.image) != dyn(oldObject).spec.containers.map(c, c.image)',
  'dyn(object).spec.?initContainers.orValue([]).map(c, c.image) != dyn(oldObject).spec.?initContainers.orValue([]).map(c, c.image)',
].join('\n|| ');

/** The controllers of kube-controller-manager that make pods out of workloads that the allow-list knows. */
const controllers = ['daemon-set-controller', 'job-controller', 'replicaset-controller'].map(
  (controller) => `system:serviceaccount:kube-system:${controller}`,
);

function facts(allowed: readonly AllowedPod[]): NamedExpression[] {
  const entries = allowed.map(({ account, ...lists }) => `${cel(account)}: ${celMap(lists)}`);
  return [
    ...podVariables,
    { name: 'account', expression: "variables.spec.?serviceAccountName.orValue('default')" },
    { name: 'volumes', expression: 'variables.spec.?volumes.orValue([])' },
    { name: 'listed', expression: `{\n${entries.join(',\n')}\n}` },
    {
      name: 'entry',
      expression: `variables.account in variables.listed ? variables.listed[variables.account] : ${celMap(nothing)}`,
    },
  ];
}

/** The entry of an account that is not listed. */
const nothing: Omit<AllowedPod, 'account'> = {
  images: [],
  commands: [],
  capabilities: [],
  hostNamespaces: [],
  hostPaths: [],
  configMaps: [],
  secrets: [],
  mountPaths: [],
  environment: [],
};

/** The service account's token, as the API server mounts it. */
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Everything about the pod that its entry does not list, as texts for the refusal. */
const strange = [
  `(request.operation != 'CREATE' || request.resource.resource != 'pods' || request.userInfo.username in ${cel(controllers)} ? [] : ['made by ' + request.userInfo.username + ' and not by a workload controller'])`,
  "(variables.account in variables.listed ? [] : ['service account ' + variables.account])",
  "variables.containers.filter(c, !(c.image in variables.entry.images)).map(c, 'image ' + c.image)",
  "variables.containers.filter(c, !((c.?command.orValue([]) + c.?args.orValue([])).join(' ') in variables.entry.commands)).map(c, 'command of ' + c.name)",
  "variables.containers.filter(c, c.?securityContext.?privileged.orValue(false) && !('privileged' in variables.entry.capabilities)).map(c, c.name + ' is privileged')",
  "variables.containers.filter(c, !c.?securityContext.?capabilities.?add.orValue([]).all(a, a in variables.entry.capabilities)).map(c, 'capabilities of ' + c.name)",
  ...['hostNetwork', 'hostPID', 'hostIPC'].map(
    (field) =>
      `(variables.spec.?${field}.orValue(false) && !('${field}' in variables.entry.hostNamespaces) ? ['${field}'] : [])`,
  ),
  "variables.volumes.filter(v, has(v.hostPath) && !(v.hostPath.path in variables.entry.hostPaths)).map(v, 'host path ' + v.hostPath.path)",
  "variables.volumes.filter(v, !(has(v.hostPath) || has(v.emptyDir) || v.?configMap.?name.orValue('') in variables.entry.configMaps || v.?secret.?secretName.orValue('') in variables.entry.secrets || v.?projected.?sources.orValue([]).exists(s, has(s.serviceAccountToken)))).map(v, 'volume ' + v.name)",
  `variables.containers.filter(c, !c.?volumeMounts.orValue([]).all(m, m.mountPath in variables.entry.mountPaths || m.mountPath == '${tokenPath}')).map(c, 'mounts of ' + c.name)`,
  "variables.containers.filter(c, has(c.envFrom) || !c.?env.orValue([]).all(e, e.name in variables.entry.environment)).map(c, 'environment of ' + c.name)",
  "variables.containers.filter(c, has(c.lifecycle) || [c.?livenessProbe, c.?readinessProbe, c.?startupProbe].exists(p, has(p.?exec.command))).map(c, 'hooks of ' + c.name)",
  "variables.spec.?ephemeralContainers.orValue([]).map(c, 'debug container ' + c.name)",
].join('\n+ ');

/** A CEL literal. JSON strings are CEL strings. */
function cel(value: string | readonly string[]): string {
  return JSON.stringify(value);
}

function celMap(lists: Omit<AllowedPod, 'account'>): string {
  const entries = Object.entries(lists).map(([key, members]) => `  ${cel(key)}: ${cel(members)}`);
  return `{\n${entries.join(',\n')}\n}`;
}
