import { fileText, kubeletConfig } from '../../checks';
import { control } from '../control';
import { cis, seed, stig } from '../sources';
import { field } from '../support/kubelet';

export default control({
  id: 'kubelet/streaming-idle-timeout',
  title: 'Idle exec and port-forward sessions end after five minutes',
  why: 'A forgotten session stays open for four hours otherwise.',
  cost: 'Interactive sessions without output for five minutes are closed.',
  severity: 'low',
  threats: ['admin', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('4.2.5'), stig('V-245541'), seed('004/2.1.6')],
  stock: 'differs',
  // The kubelet parses its field and uses it nowhere; the runtime owns the streams. Benchmarks read the kubelet's field.
  settings: () => [
    field('streamingConnectionIdleTimeout', '5m'),
    { kind: 'containerd-field', path: ['plugins', 'io.containerd.grpc.v1.cri', 'stream_idle_timeout'], value: '5m' },
  ],
  checks: (cluster) => [
    fileText({
      scope: 'node',
      path: '/etc/containerd/config.toml',
      matches: /^\s*stream_idle_timeout\s*=\s*["']5m["']/m,
      expected: 'stream_idle_timeout = "5m"',
    }),
    ...kubeletConfig(cluster, { path: 'streamingConnectionIdleTimeout', value: '5m0s' }),
  ],
});
