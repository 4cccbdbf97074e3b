import { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { except, namespaceLevel, notAMirrorPod, podChanges, pods, podTemplates, podVariables } from './pod-makers';

export interface HostPathsProps {
  /** Namespaces that another policy answers for. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/** Directories of a node that hold keys, other pods' data or a way to root. */
const guarded = [
  '/boot',
  '/etc/cni',
  '/etc/containerd',
  '/etc/kubernetes',
  '/etc/ssh',
  '/etc/systemd',
  '/home',
  '/proc',
  '/root',
  '/run/containerd',
  '/run/systemd',
  '/usr',
  '/var/cache/bulwark',
  '/var/lib/bulwark',
  '/var/lib/containerd',
  '/var/lib/etcd',
  '/var/lib/kubelet/pki',
  '/var/lib/kubelet/pods',
  '/var/log',
  '/var/run/containerd',
];

/** Where volumes that are a directory of a node may lie. */
const localVolumes = ['/mnt/', '/srv/'];

/**
 * Guards the nodes' file systems where Pod Security does not look: pods of namespaces at level `privileged`, and
 * PersistentVolumes, which no level judges.
 */
export class HostPaths extends Construct {
  constructor(scope: Construct, id: string, props: HostPathsProps) {
    super(scope, id);
    new ValidatingAdmissionPolicy(this, 'pods', {
      name: 'bulwark-host-paths',
      resources: [pods, ...podTemplates],
      namespaceSelector: except(props.exempt),
      matchConditions: [notAMirrorPod, podChanges],
      variables: [
        ...podVariables,
        namespaceLevel('restricted'),
        { name: 'guarded', expression: JSON.stringify(guarded) },
        {
          name: 'paths',
          expression:
            "variables.spec.?volumes.orValue([]).filter(v, has(v.hostPath)).map(v, v.hostPath.path).filter(p, variables.guarded.exists(g, (g + '/').startsWith(p.endsWith('/') ? p : p + '/') || (p + '/').startsWith(g + '/')))",
        },
      ],
      validations: [
        {
          // At the other levels Pod Security refuses every hostPath, and says so better.
          expression: "variables.level != 'privileged' || size(variables.paths) == 0",
          messageExpression: `'${props.control}: ' + variables.what + ' mounts ' + variables.paths.join(', ') + ' of its node, where keys and other workloads lie. Mount the one directory that the program reads, or a volume of its own.'`,
        },
      ],
    });
    new ValidatingAdmissionPolicy(this, 'volumes', {
      name: 'bulwark-host-path-volumes',
      resources: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['persistentvolumes'],
        },
      ],
      matchConditions: [{ name: 'source-changes', expression: 'oldObject == null || object.spec != oldObject.spec' }],
      validations: [
        {
          expression: '!has(object.spec.hostPath)',
          messageExpression: `'${props.control}: PersistentVolume "' + object.metadata.name + '" is the path ' + object.spec.hostPath.path + ' of whatever node its pod runs on. Use a local volume below ${localVolumes.join(' or ')}, or a storage driver.'`,
        },
        {
          expression: `!has(object.spec.local) || ${JSON.stringify(localVolumes)}.exists(d, object.spec.local.path.startsWith(d))`,
          messageExpression: `'${props.control}: PersistentVolume "' + object.metadata.name + '" is ' + object.spec.local.path + ' of its node. Local volumes lie below ${localVolumes.join(' or ')}.'`,
        },
      ],
    });
  }
}
