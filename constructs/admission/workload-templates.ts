import type { Construct } from 'constructs';
import { defaultCapabilities } from '../../lib/pod-security/checks/capabilities-baseline';
import { restrictedVolumeTypes } from '../../lib/pod-security/checks/restricted-volumes';
import { safeSysctls } from '../../lib/pod-security/checks/sysctls';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { except, namespaceLevel, podChanges, podTemplates, podVariables } from './pod-makers';

export interface WorkloadTemplatesProps {
  /** Namespaces that another policy answers for. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/**
 * Judges the template of a workload as Pod Security judges its pods, by the level of the namespace. Pod Security itself
 * only warns the author of a Deployment; the refusal then sits in an event of a ReplicaSet that nobody reads.
 *
 * The rules are those of Kubernetes 1.36 whatever version a namespace is pinned to, and a test holds them against our own
 * verdict on random pods, which another holds against the API server's.
 */
export class WorkloadTemplates extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: WorkloadTemplatesProps) {
    super(scope, id, {
      name: 'bulwark-workload-templates',
      resources: podTemplates,
      namespaceSelector: except(props.exempt),
      matchConditions: [podChanges],
      variables: [
        ...podVariables,
        namespaceLevel('restricted'),
        { name: 'context', expression: 'variables.spec.?securityContext.orValue({})' },
        { name: 'windows', expression: "variables.spec.?os.?name.orValue('') == 'windows'" },
        { name: 'userNamespace', expression: '!variables.spec.?hostUsers.orValue(true)' },
        { name: 'baseline', expression: texts(baseline) },
        { name: 'restricted', expression: texts(restricted) },
        {
          name: 'faults',
          expression:
            "variables.level == 'privileged' ? [] : variables.baseline + (variables.level == 'baseline' ? [] : variables.restricted)",
        },
      ],
      validations: [
        {
          expression: 'size(variables.faults) == 0',
          messageExpression: `'${props.control}: the pods of ' + variables.what + ' would be refused at Pod Security level ' + variables.level + ' of namespace ' + request.namespace + ': ' + variables.faults.join(', ') + '. Correct the template, or use a Hardened workload, which sets all of this.'`,
        },
      ],
    });
  }
}

/** What is wrong, and a CEL expression that is true where it is. */
type Rules = Readonly<Record<string, string>>;

const texts = (rules: Rules): string =>
  Object.entries(rules)
    .map(([text, expression]) => `(${expression} ? ['${text}'] : [])`)
    .join('\n+ ');

const list = (members: readonly string[]): string => `[${members.map((member) => `'${member}'`).join(', ')}]`;
const someContainer = (expression: string): string => `variables.containers.exists(c, ${expression})`;
/** Of the pod or of a container; the expression reads `s`, a security context. */
const someContext = (expression: string): string =>
  `([variables.context] + variables.containers.map(c, c.?securityContext.orValue({}))).exists(s, ${expression})`;

const profiles = list(['RuntimeDefault', 'Localhost']);
const badProfile = (field: string) => `has(s.${field}) && !(s.${field}.?type.orValue('') in ${profiles})`;
const appArmor = 'container.apparmor.security.beta.kubernetes.io/';

const handlers = [
  'c.?livenessProbe',
  'c.?readinessProbe',
  'c.?startupProbe',
  'c.?lifecycle.?postStart',
  'c.?lifecycle.?preStop',
];

const baseline: Rules = {
  ...Object.fromEntries(
    ['hostNetwork', 'hostPID', 'hostIPC'].map((field) => [field, `variables.spec.?${field}.orValue(false)`]),
  ),
  'privileged containers': someContainer('c.?securityContext.?privileged.orValue(false)'),
  'capabilities that containers do not have by default': someContainer(
    `!c.?securityContext.?capabilities.?add.orValue([]).all(a, a in ${list(defaultCapabilities)})`,
  ),
  'hostPath volumes': 'variables.spec.?volumes.orValue([]).exists(v, has(v.hostPath))',
  'host ports': someContainer(
    'c.?ports.orValue([]).exists(p, p.?hostPort.orValue(0) != 0 || variables.spec.?hostNetwork.orValue(false))',
  ),
  'probes or hooks of another host': someContainer(
    `[${handlers.join(', ')}].exists(h, h.?httpGet.?host.orValue('') != '' || h.?tcpSocket.?host.orValue('') != '')`,
  ),
  procMount: `!variables.userNamespace && ${someContainer("!(c.?securityContext.?procMount.orValue('') in ['', 'Default'])")}`,
  seLinuxOptions: someContext(
    `!(s.?seLinuxOptions.?type.orValue('') in ${list(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'])}) || s.?seLinuxOptions.?user.orValue('') != '' || s.?seLinuxOptions.?role.orValue('') != ''`,
  ),
  'an unconfined seccompProfile': someContext(badProfile('seccompProfile')),
  'an unconfined appArmorProfile': `${someContext(badProfile('appArmorProfile'))} || variables.pod.?metadata.?annotations.orValue({}).exists(k, k.startsWith('${appArmor}') && !(variables.pod.metadata.annotations[k] in ['', 'runtime/default']) && !variables.pod.metadata.annotations[k].startsWith('localhost/'))`,
  sysctls: `!variables.context.?sysctls.orValue([]).all(y, y.name in ${list(safeSysctls)})`,
  hostProcess: someContext('s.?windowsOptions.?hostProcess.orValue(false)'),
};

const restricted: Rules = {
  'allowPrivilegeEscalation is not false': `!variables.windows && ${someContainer('c.?securityContext.?allowPrivilegeEscalation.orValue(true)')}`,
  'capabilities are not dropped': `!variables.windows && ${someContainer(
    "!('ALL' in c.?securityContext.?capabilities.?drop.orValue([])) || !c.?securityContext.?capabilities.?add.orValue([]).all(a, a == 'NET_BIND_SERVICE')",
  )}`,
  'procMount with users of its own': `variables.userNamespace && ${someContainer("!(c.?securityContext.?procMount.orValue('') in ['', 'Default'])")}`,
  'volumes of other kinds than its own': `!variables.spec.?volumes.orValue([]).all(v, ${restrictedVolumeTypes.map((kind) => `has(v.${kind})`).join(' || ')})`,
  'runAsNonRoot is not true': `!variables.userNamespace && (!variables.context.?runAsNonRoot.orValue(true) || ${someContainer(
    '!c.?securityContext.?runAsNonRoot.orValue(variables.context.?runAsNonRoot.orValue(false))',
  )})`,
  'user 0': `!variables.userNamespace && ${someContext('s.?runAsUser.orValue(1) == 0')}`,
  'no seccompProfile': `!variables.windows && !has(variables.context.seccompProfile) && ${someContainer('!has(c.securityContext) || !has(c.securityContext.seccompProfile)')}`,
};
