import { nodeAddress } from '../../checks';
import { control } from '../control';
import { nsa, seed, stig } from '../sources';
import { componentTls } from '../support/tls';

export default control({
  id: 'etcd/tls',
  title: 'etcd speaks TLS 1.2 or later, with forward secrecy and authenticated encryption',
  why: 'Everything that the cluster keeps crosses these connections.',
  cost: 'None known: only the API server, other members and backups connect.',
  severity: 'medium',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [stig('V-242379'), stig('V-242380'), nsa('encryption'), seed('004/secure-communication')],
  stock: 'differs',
  // etcd does not start when a minimum of TLS 1.3 meets a list of suites.
  ...componentTls({
    component: 'etcd',
    address: `${nodeAddress}:2379`,
    versionFlag: { name: 'tls-min-version', values: { 'TLS 1.2': 'TLS1.2' } },
    ciphersFlag: 'cipher-suites',
  }),
});
