import { listenerLoopbackAtMost } from '../../checks';
import { control } from '../control';
import { cis, owasp } from '../sources';

export default control({
  id: 'kube-proxy/metrics-bind',
  title: 'The metrics of kube-proxy listen on loopback, if anywhere',
  why: 'They ask for no credentials and show every service of the cluster.',
  cost: 'Prometheus needs an agent on the node to read them.',
  severity: 'medium',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('4.3.1'), owasp('K06')],
  stock: 'same',
  settings: ({ keepsKubeProxy }) =>
    keepsKubeProxy ? [{ kind: 'kube-proxy-field', path: 'metricsBindAddress', value: '127.0.0.1:10249' }] : [],
  // Every cluster is looked at: one without kube-proxy has nobody on the port.
  checks: () => [listenerLoopbackAtMost({ scope: 'node', port: 10249 })],
});
