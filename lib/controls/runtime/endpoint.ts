import { kubeletConfig } from '../../checks';
import { control } from '../control';
import { kubernetes, seed } from '../sources';

const socket = 'unix:///run/containerd/containerd.sock';

export default control({
  id: 'runtime/endpoint',
  title: 'Kubelets speak to the local containerd, through the socket that only root opens',
  why: 'A kubelet that is turned to another runtime starts pods where no setting of containerd holds.',
  cost: 'No other container runtime.',
  severity: 'medium',
  threats: ['admin', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('api-server-bypass-risks: runtime socket'), seed('000/runtime-files')],
  stock: 'same',
  // kubeadm finds the one socket by itself and writes it to instance-config.yaml.
  settings: () => [],
  checks: (cluster) => [
    ...kubeletConfig(cluster, {
      path: 'containerRuntimeEndpoint',
      value: socket,
      // The same file: /var/run is a link to /run.
      accepts: (found) => found === socket || found === 'unix:///var/run/containerd/containerd.sock',
    }),
    ...kubeletConfig(cluster, {
      path: 'imageServiceEndpoint',
      value: '',
      accepts: (found) => !found || found === socket,
    }),
  ],
});
