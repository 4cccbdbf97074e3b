import { processOnlyOnLoopback } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

export default control({
  id: 'runtime/listeners',
  title: 'containerd listens on no address but loopback',
  why: 'An open runtime port is root on the node for everybody.',
  cost: 'None: the kubelet relays streams.',
  severity: 'critical',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('api-server-bypass-risks: runtime socket'), owasp('K06'), seed('000/runtime-files')],
  stock: 'same',
  settings: () => [
    {
      kind: 'containerd-field',
      path: ['plugins', 'io.containerd.grpc.v1.cri', 'stream_server_address'],
      value: '127.0.0.1',
    },
  ],
  checks: () => [processOnlyOnLoopback({ scope: 'node', process: 'containerd' })],
});
