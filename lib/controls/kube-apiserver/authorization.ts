import { accessDenied, processArgList } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, owasp, seed, stig } from '../sources';

export default control({
  id: 'kube-apiserver/authorization',
  title: 'Requests are authorized by the Node and RBAC authorizers, by nothing else',
  why: 'AlwaysAllow opens everything, ABAC is a file nobody reviews, and without the Node authorizer one kubelet reads the Secrets of all.',
  cost: 'Other authorizers cannot be added through arguments.',
  severity: 'critical',
  threats: ['external', 'user', 'admin'],
  stops: ['A25'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.6'),
    cis('1.2.7'),
    cis('1.2.8'),
    stig('V-242382'),
    kubernetes('hardening-guide: authz'),
    owasp('K02'),
    seed('000/authorization-mode'),
    seed('000/node-authorization'),
    seed('001/api-access'),
    seed('001/denied-by-default'),
    seed('002/strong-authentication'),
    seed('003/api-access'),
  ],
  stock: 'same',
  waivable: false,
  // kubeadm sets the argument, and the planner refuses another value.
  settings: () => [],
  checks: ({ spec }) => [
    processArgList({
      scope: 'control-plane',
      process: 'kube-apiserver',
      name: 'authorization-mode',
      members: ['Node', 'RBAC'],
      excluded: ['AlwaysAllow', 'ABAC', 'AlwaysDeny', 'Webhook'],
    }),
    accessDenied({ user: 'nobody-in-particular', groups: ['system:authenticated'], verb: 'list', resource: 'secrets' }),
    ...spec.nodes.slice(0, 1).map(({ name }) =>
      accessDenied({
        user: `system:node:${name}`,
        groups: ['system:nodes', 'system:authenticated'],
        verb: 'get',
        resource: 'secrets',
        namespace: 'kube-system',
        name: 'of-no-pod-on-this-node',
      }),
    ),
  ],
});
