import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CiliumClusterwideNetworkPolicy } from '../api-objects/cilium-network-policy';
import { apiAccessLabel } from '../network/cluster-default-deny';
import { MetricsServerRoles } from './metrics-server-roles';

export interface MetricsServerProps {
  readonly image: string;
}

const name = 'metrics-server';
const namespace = 'kube-system';
const labels = { 'k8s-app': name };
const port = 4443;
const kubeletPort = 10250;

/** Made and renewed on the control plane when the objects are applied; see the annotation of the APIService. */
const certificateSecret = 'metrics-server-tls';
const certificateDirectory = '/etc/metrics-server/tls';

const probe = (path: string, timing: Omit<k8s.Probe, 'httpGet'>): k8s.Probe => ({
  httpGet: { path, port: k8s.IntOrString.fromNumber(port), scheme: 'HTTPS' },
  ...timing,
});

/** The pod of metrics-server: Pod Security `restricted`, on a control plane, because kubelets answer nobody else. */
export function metricsServerPod({ image }: MetricsServerProps): k8s.PodSpec {
  return {
    serviceAccountName: name,
    nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
    priorityClassName: 'system-cluster-critical',
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name,
        image,
        args: [
          `--secure-port=${port}`,
          `--tls-cert-file=${certificateDirectory}/tls.crt`,
          `--tls-private-key-file=${certificateDirectory}/tls.key`,
          // The cluster's CA, which signs the kubelets' serving certificates for their addresses.
          '--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
          '--kubelet-preferred-address-types=InternalIP',
          '--kubelet-use-node-status-port',
          '--metric-resolution=15s',
        ],
        ports: [{ name: 'https', containerPort: port }],
        readinessProbe: probe('/readyz', { periodSeconds: 10, initialDelaySeconds: 20 }),
        livenessProbe: probe('/livez', { periodSeconds: 10, initialDelaySeconds: 30 }),
        resources: {
          requests: { cpu: k8s.Quantity.fromString('50m'), memory: k8s.Quantity.fromString('64Mi') },
          limits: { memory: k8s.Quantity.fromString('256Mi') },
        },
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [{ name: 'tls', mountPath: certificateDirectory, readOnly: true }],
      },
    ],
    volumes: [{ name: 'tls', secret: { secretName: certificateSecret, defaultMode: 0o440 } }],
  };
}

/**
 * The resource metrics API (`metrics.k8s.io`), which `kubectl top` and autoscalers ask.
 *
 * Every connection is verified: kubelets by the cluster's CA, metrics-server by a certificate of its own that the
 * APIService names. Needs Cilium, whose policy opens the ways that the cluster-wide default deny closes.
 */
export class MetricsServer extends Construct {
  constructor(scope: Construct, id: string, props: MetricsServerProps) {
    super(scope, id);
    new MetricsServerRoles(this, 'roles', { account: name, namespace });
    new k8s.KubeService(this, 'service', {
      metadata: { name, namespace, labels },
      spec: {
        selector: labels,
        ports: [{ name: 'https', port: 443, targetPort: k8s.IntOrString.fromNumber(port), appProtocol: 'https' }],
      },
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { name, namespace, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels: { ...labels, ...apiAccessLabel } }, spec: metricsServerPod(props) },
      },
    });
    new k8s.KubeApiService(this, 'api', {
      metadata: {
        name: 'v1beta1.metrics.k8s.io',
        labels,
        // Without a caBundle the API server trusts no certificate of the service; a run fills in the one that it made.
        annotations: { 'bulwark.dev/serving-certificate': certificateSecret },
      },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { name, namespace, port: 443 },
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    });
    const tcp = (number: number) => [{ ports: [{ port: String(number), protocol: 'TCP' as const }] }];
    new CiliumClusterwideNetworkPolicy(this, 'network', {
      name: 'bulwark-metrics-server',
      description: 'metrics-server: questions from the API server, kubelets of all nodes',
      endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace, 'k8s:k8s-app': name } },
      enableDefaultDeny: { ingress: true, egress: true },
      // Through the tunnel an API server on another control plane comes from an address that is only its node's.
      ingress: [{ fromEntities: ['kube-apiserver', 'host', 'remote-node'], toPorts: tcp(port) }],
      egress: [{ toEntities: ['host', 'remote-node'], toPorts: tcp(kubeletPort) }],
    });
  }
}
