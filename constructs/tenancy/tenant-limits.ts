import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';

/** What one namespace of a tenant may hold together. */
export interface TenantQuota {
  /** CPUs that pods may ask for. @default 4 */
  readonly cpus?: number;
  /** Sum of the pods' memory limits, in MiB. @default 8192 */
  readonly memoryMebibytes?: number;
  /** Sum of what pods may write to their nodes' disks, in MiB. @default 16384 */
  readonly ephemeralStorageMebibytes?: number;
  /** Sum of the volumes claimed, in GiB. @default 50 */
  readonly storageGibibytes?: number;
  /** @default 50 */
  readonly pods?: number;
  /** Of each kind that the tenant writes: one who fills etcd stops the whole cluster. @default 100 */
  readonly objects?: number;
}

export interface TenantLimitsProps {
  readonly namespace: string;
  readonly quota: TenantQuota;
  /** Priority classes that pods may have; none needs no entry. */
  readonly priorityClasses: readonly string[];
}

/** Kinds that a tenant can make many of, as a quota counts them. */
const counted = [
  'configmaps',
  'secrets',
  'services',
  'count/serviceaccounts',
  'count/daemonsets.apps',
  'count/deployments.apps',
  'count/statefulsets.apps',
  'count/cronjobs.batch',
  'count/jobs.batch',
  'count/horizontalpodautoscalers.autoscaling',
  'count/ingresses.networking.k8s.io',
  'count/networkpolicies.networking.k8s.io',
  'count/poddisruptionbudgets.policy',
];

/** Quotas and defaults of one namespace: nothing of it can take a node, the disk of etcd or a port of every node. */
export class TenantLimits extends Construct {
  constructor(scope: Construct, id: string, props: TenantLimitsProps) {
    super(scope, id);
    const { namespace, quota } = props;
    const text = k8s.Quantity.fromString;
    const number = k8s.Quantity.fromNumber;
    const objects = quota.objects ?? 100;
    new k8s.KubeResourceQuota(this, 'quota', {
      metadata: { name: 'bulwark-tenant', namespace },
      spec: {
        hard: {
          'requests.cpu': number(quota.cpus ?? 4),
          'limits.memory': text(`${quota.memoryMebibytes ?? 8192}Mi`),
          'limits.ephemeral-storage': text(`${quota.ephemeralStorageMebibytes ?? 16_384}Mi`),
          'requests.storage': text(`${quota.storageGibibytes ?? 50}Gi`),
          pods: number(quota.pods ?? 50),
          persistentvolumeclaims: number(objects),
          'services.nodeports': number(0),
          'services.loadbalancers': number(0),
          ...Object.fromEntries(counted.map((resource) => [resource, number(objects)])),
        },
      },
    });
    // A pod without a class is not meant: NotIn alone would match it.
    const unlisted =
      props.priorityClasses.length > 0
        ? [{ scopeName: 'PriorityClass', operator: 'NotIn', values: [...props.priorityClasses] }]
        : [];
    new k8s.KubeResourceQuota(this, 'priority', {
      metadata: { name: 'bulwark-tenant-priority', namespace },
      spec: {
        hard: { pods: number(0) },
        scopeSelector: {
          matchExpressions: [{ scopeName: 'PriorityClass', operator: 'Exists' }, ...unlisted],
        },
      },
    });
    new k8s.KubeLimitRange(this, 'defaults', {
      metadata: { name: 'bulwark-tenant', namespace },
      spec: {
        limits: [
          {
            type: 'Container',
            defaultRequest: { cpu: text('50m'), memory: text('64Mi'), 'ephemeral-storage': text('64Mi') },
            default: { cpu: text('500m'), memory: text('256Mi'), 'ephemeral-storage': text('256Mi') },
          },
        ],
      },
    });
  }
}
