import { firewallGuards, unitActive } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft, nsa, owasp, seed, stig } from '../sources';
import { addressesOf } from '../support/firewall';

export default control({
  id: 'network/api-server-firewall',
  title: 'The API server is reachable from the allowed networks, the nodes and the pods only',
  why: 'An API server on the open internet is found within minutes, and a single flaw in it opens the cluster.',
  cost: 'Operators reach it from the addresses of the spec only. Ports that no control names are left to other firewalls.',
  severity: 'high',
  threats: ['external'],
  stops: ['A15'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    stig('V-242410'),
    nsa('control plane'),
    kubernetes('security-checklist: network'),
    owasp('K06'),
    microsoft('MS-M9002'),
    seed('000/brute-force'),
    seed('001/network-access'),
    seed('002/firewalls'),
    seed('004/api-firewall'),
    seed('004/private-topology'),
  ],
  stock: 'differs',
  settings: ({ spec }) => [
    {
      kind: 'firewall-rule',
      port: 6443,
      purpose: 'Kubernetes API',
      roles: ['control-plane'],
      sources: [...spec.networking.allowedApiCidrs, ...addressesOf(spec.nodes), spec.networking.podCidr],
    },
  ],
  // Every machine that takes part is allowed, so that no refused connection can be made from one: the live rules are the witness.
  checks: () => [
    firewallGuards({ scope: 'control-plane', port: 6443 }),
    unitActive({ unit: 'bulwark-firewall.service' }),
  ],
});
