import { at, listenerPresent, objectsAll } from '../../checks';
import { control } from '../control';
import { kubernetes, nsa, seed } from '../sources';

export default control({
  id: 'network/pod-encryption',
  title: 'Traffic between pods on different nodes is encrypted',
  why: 'Whoever sits on the network between nodes otherwise reads it.',
  cost: 'Some throughput and 60 bytes of each packet; needs WireGuard in the kernel. Traffic of pods on the host network is not covered.',
  severity: 'high',
  threats: ['provider', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    nsa('encryption'),
    kubernetes('security-checklist: network'),
    seed('002/encryption'),
    seed('003/network-encryption'),
    seed('004/secure-communication'),
  ],
  stock: 'differs',
  appliesTo: ({ spec }) => spec.cni.name === 'cilium',
  settings: () => [{ kind: 'kernel-module', name: 'wireguard', state: 'loaded' }],
  checks: () => [
    // The tunnel of the kernel, which takes this port when it is up.
    listenerPresent({ scope: 'node', port: 51871, protocol: 'udp' }),
    objectsAll({
      resource: 'configmaps',
      namespace: 'kube-system',
      name: 'cilium-config',
      keep: ['data'],
      holds: (config) => at(config, 'data.enable-wireguard') === 'true',
      expected: 'Cilium encrypts with WireGuard',
    }),
  ],
});
