import { connectOpen, connectRefused, firewallGuards } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft, nsa, owasp, seed } from '../sources';
import { addressesOf } from '../support/firewall';

export default control({
  id: 'network/etcd-firewall',
  title: 'etcd is reachable from control planes only',
  why: 'A port that workers and pods do not reach cannot be attacked from them.',
  cost: 'Backups and monitoring must run on a control plane.',
  severity: 'critical',
  threats: ['external', 'user'],
  stops: ['A22'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    nsa('etcd'),
    kubernetes('api-server-bypass-risks: etcd'),
    kubernetes('security-checklist: network'),
    microsoft('MS-M9024'),
    owasp('K06'),
    seed('000/etcd'),
    seed('004/etcd-isolation'),
  ],
  stock: 'differs',
  settings: ({ controlPlanes }) => [
    {
      kind: 'firewall-rule',
      port: [2379, 2380],
      purpose: 'etcd clients and members',
      roles: ['control-plane'],
      sources: addressesOf(controlPlanes),
    },
  ],
  checks: ({ controlPlanes }) => [
    ...controlPlanes.flatMap(({ name }) =>
      [2379, 2380].flatMap((port) => [
        connectRefused({ scope: 'worker', target: `node:${name}`, port }),
        // The same from where it is allowed: the refused connections had something to reach.
        connectOpen({ scope: 'control-plane', target: `node:${name}`, port }),
      ]),
    ),
    firewallGuards({ scope: 'control-plane', port: 2379 }),
  ],
});
