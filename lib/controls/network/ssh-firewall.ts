import { firewallGuards } from '../../checks';
import { control } from '../control';
import { microsoft, nsa, seed } from '../sources';
import { bothRoles, jumpHostsOf, sshPortsOf } from '../support/firewall';

export default control({
  id: 'network/ssh-firewall',
  title: 'SSH on the nodes is reachable from operators only',
  why: 'SSH is root on the node; guessing and flaws need a connection first.',
  cost: 'An operator whose address is not in the spec is locked out, jump hosts named by DNS included: list their addresses too.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('worker segmentation'), microsoft('MS-M9002'), seed('004/private-topology'), seed('004/bastion')],
  stock: 'differs',
  settings: (cluster) =>
    sshPortsOf(cluster).map((port) => ({
      kind: 'firewall-rule',
      port,
      purpose: 'SSH',
      roles: bothRoles,
      sources: [...cluster.spec.networking.operatorCidrs, ...jumpHostsOf(cluster)],
    })),
  // Every machine that takes part may be an operator's, so that the live rules are the witness.
  checks: (cluster) => sshPortsOf(cluster).map((port) => firewallGuards({ scope: 'node', port })),
});
