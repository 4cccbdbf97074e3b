import { connectionsLimited } from '../../checks';
import { control } from '../control';
import { owasp, seed } from '../sources';
import { addressesOf } from '../support/firewall';
import { numberValue } from '../value';

const perSecond = numberValue({
  of: 'network/api-connection-rate',
  what: 'new connections a second to the API server from one address',
  usual: 50,
  tighter: 'less',
});

/** For how many seconds' worth of connections an address may be ahead: a page of a dashboard opens dozens at once. */
const ahead = 4;

export default control({
  id: 'network/api-connection-rate',
  title: 'No single address floods the API server with connections',
  why: 'Every new connection costs a TLS handshake before anybody is asked for a credential: a script that guesses, or floods, takes the API server’s time from all.',
  cost: 'Users behind one proxy share the limit; beyond it connections are dropped and come back a second later. A flood from many addresses is not stopped. Nodes and pods are not limited.',
  severity: 'medium',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing'],
  sources: [seed('000/brute-force'), seed('002/floods'), owasp('K06')],
  stock: 'differs',
  value: perSecond,
  settings: (cluster) => [
    {
      kind: 'connection-limit',
      port: 6443,
      perSecond: perSecond.on(cluster),
      burst: ahead * perSecond.on(cluster),
      exempt: [...addressesOf(cluster.spec.nodes), cluster.spec.networking.podCidr],
      purpose: 'Kubernetes API',
      roles: ['control-plane'],
    },
  ],
  // A flood of its own would disturb a living cluster: the live rules are the witness.
  checks: (cluster) => [connectionsLimited({ scope: 'control-plane', port: 6443, perSecond: perSecond.on(cluster) })],
});
