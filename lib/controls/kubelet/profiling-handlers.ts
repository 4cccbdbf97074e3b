import { httpStatus, kubeletConfig, nodeAddress } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/profiling-handlers',
  title: 'Kubelets serve no profiling data and no debug flags',
  why: 'pprof shows memory contents, Secrets of pods among them.',
  cost: 'No pprof of a kubelet without changing its configuration. exec, logs and port-forward keep working.',
  severity: 'medium',
  threats: ['admin', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K07'), kubernetes('api-server-bypass-risks: kubelet')],
  stock: 'differs',
  settings: () => [field('enableProfilingHandler', false), field('enableDebugFlagsHandler', false)],
  checks: (cluster) => [
    // An administrator is authorized, so that 405 is the word of the switched-off handler.
    httpStatus({
      scope: 'control-plane',
      url: `https://${nodeAddress}:10250/debug/pprof/`,
      client: 'admin',
      status: [405],
    }),
    ...kubeletConfig(cluster, { path: 'enableProfilingHandler', value: false }),
    ...kubeletConfig(cluster, { path: 'enableDebugFlagsHandler', value: false }),
  ],
});
