import { dryRunRefused } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { nsa, owasp, seed } from '../sources';
import { admissionRule } from '../support/admission';

const service = (name: string, spec: { readonly [key: string]: Json }): Json => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ port: 80 }], ...spec },
});

export default control({
  id: 'admission/node-ports',
  title: 'Services open no port on the nodes',
  why: 'A node port is open on every node to whoever reaches one, past the firewall of the nodes, and there are only 2768 for all teams.',
  cost: 'Services of type NodePort are refused, and those of type LoadBalancer need allocateLoadBalancerNodePorts: false. One from before must be changed before it can be updated.',
  severity: 'medium',
  threats: ['user', 'external'],
  stops: ['A45'],
  profiles: ['multi-team'],
  sources: [nsa('worker segmentation'), owasp('K06'), seed('000/noisy-neighbours')],
  stock: 'differs',
  settings: () => [
    admissionRule({
      name: 'node-ports',
      resources: ['services'],
      operations: ['CREATE', 'UPDATE'],
      holds:
        "object.spec.?type.orValue('ClusterIP') == 'LoadBalancer' ? !object.spec.?allocateLoadBalancerNodePorts.orValue(true) : object.spec.?type.orValue('ClusterIP') != 'NodePort'",
      message:
        'services open no port on nodes. Use type ClusterIP behind a gateway, or LoadBalancer with allocateLoadBalancerNodePorts: false.',
    }),
  ],
  checks: () => [
    dryRunRefused({
      object: service('bulwark-probe-node-port', { type: 'NodePort' }),
      what: 'a Service of type NodePort in namespace default',
      reason: 'admission/node-ports',
    }),
    dryRunRefused({
      object: service('bulwark-probe-load-balancer', { type: 'LoadBalancer' }),
      what: 'a Service of type LoadBalancer that takes node ports in namespace default',
      reason: 'admission/node-ports',
    }),
  ],
});
