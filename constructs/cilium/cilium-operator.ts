import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { apiServerEnvironment, type CiliumWorkloadProps, configVolume, mounts } from './cilium-workload';

export interface CiliumOperatorProps extends CiliumWorkloadProps {
  /** Operators that run at a time; one of them leads. */
  readonly replicas: number;
}

const healthProbe = (timing: Pick<k8s.Probe, 'initialDelaySeconds' | 'periodSeconds'>): k8s.Probe => ({
  httpGet: { host: '127.0.0.1', path: '/healthz', port: k8s.IntOrString.fromNumber(9234) },
  timeoutSeconds: 3,
  ...timing,
});

/** The operator's pod: it registers Cilium's resource definitions and collects what nodes and pods leave behind. */
export function ciliumOperatorPod(props: CiliumOperatorProps): k8s.PodSpec {
  return {
    serviceAccountName: 'cilium-operator',
    // Control planes only, so that a taken worker does not hold the operator's credentials.
    nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
    tolerations: [
      { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' },
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists' },
    ],
    // It runs before there is a pod network.
    hostNetwork: true,
    hostUsers: true,
    priorityClassName: 'system-cluster-critical',
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'cilium-operator',
        image: props.image,
        command: ['cilium-operator-generic'],
        args: ['--config-dir=/tmp/cilium/config-map', '--shell-sock-path=/tmp/shell.sock'],
        env: [
          { name: 'K8S_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          { name: 'CILIUM_K8S_NAMESPACE', value: 'kube-system' },
          ...apiServerEnvironment(props.apiServer),
        ],
        livenessProbe: healthProbe({ initialDelaySeconds: 60, periodSeconds: 10 }),
        readinessProbe: healthProbe({ initialDelaySeconds: 0, periodSeconds: 5 }),
        resources: { requests: { cpu: k8s.Quantity.fromString('20m'), memory: k8s.Quantity.fromString('64Mi') } },
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [...mounts],
      },
    ],
    volumes: [...configVolume],
  };
}

const labels = { 'io.cilium/app': 'operator', name: 'cilium-operator' };

/** The Deployment of the operator. */
export class CiliumOperator extends k8s.KubeDeployment {
  constructor(scope: Construct, id: string, props: CiliumOperatorProps) {
    super(scope, id, {
      metadata: { name: 'cilium-operator', namespace: 'kube-system', labels },
      spec: {
        replicas: props.replicas,
        selector: { matchLabels: labels },
        // Two operators cannot share a node, so on a small cluster the old one goes first.
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: {
            maxSurge: k8s.IntOrString.fromString('25%'),
            maxUnavailable: k8s.IntOrString.fromString('100%'),
          },
        },
        template: {
          metadata: { labels, annotations: { 'bulwark.dev/config-digest': props.configDigest } },
          spec: ciliumOperatorPod(props),
        },
      },
    });
  }
}
