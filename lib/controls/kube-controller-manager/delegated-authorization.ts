import { httpStatus } from '../../checks';
import { control } from '../control';
import { kubernetes, seed } from '../sources';

export default control({
  id: 'kube-controller-manager/delegated-authorization',
  title: 'The controller manager asks the API server who may read its metrics',
  why: 'Metrics name workloads, users and nodes, also to a process that is merely on the node.',
  cost: 'Readers of the metrics need credentials.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: control plane'), seed('003/component-tls')],
  stock: 'same',
  // kubeadm sets the kubeconfig arguments, and the planner refuses other values.
  settings: () => [],
  checks: () => [httpStatus({ scope: 'control-plane', url: 'https://127.0.0.1:10257/metrics', status: [401, 403] })],
});
