import { clientCertificateDemanded, nodeAddress, processArg } from '../../checks';
import { control } from '../control';
import { cis, microsoft, nsa, seed, stig } from '../sources';
import { argument } from '../support/arguments';

const scope = 'control-plane';

export default control({
  id: 'etcd/client-certificates',
  title: 'etcd answers only clients with a certificate of its own authority',
  why: 'etcd has no authorization inside: whoever connects owns every object of the cluster.',
  cost: 'Backups and monitoring need a client certificate of the etcd authority, which is as good as root on the cluster.',
  severity: 'critical',
  threats: ['external', 'user'],
  stops: ['A22'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('2.1'),
    cis('2.2'),
    stig('V-242423'),
    stig('V-242427'),
    stig('V-242428'),
    nsa('etcd'),
    microsoft('MS-M9024'),
    seed('003/etcd-tls'),
  ],
  stock: 'same',
  waivable: false,
  settings: () => [argument('etcd', 'client-cert-auth', 'true')],
  checks: () => [
    clientCertificateDemanded({ scope, address: `${nodeAddress}:2379` }),
    processArg({ scope, process: 'etcd', name: 'client-cert-auth', value: 'true' }),
  ],
});
