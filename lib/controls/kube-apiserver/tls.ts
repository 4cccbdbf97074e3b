import { nodeAddress } from '../../checks';
import { control } from '../control';
import { cis, nsa, owasp, seed, stig } from '../sources';
import { componentTls, kubernetesTlsFlags, oldestVersion } from '../support/tls';

export default control({
  id: 'kube-apiserver/tls',
  title: 'The API server speaks TLS 1.2 or later, with forward secrecy and authenticated encryption',
  why: 'Old versions and CBC suites have known attacks on recorded or modified traffic.',
  cost: 'Clients older than about 2014 cannot connect; with the profile strict, which asks for TLS 1.3, those older than about 2019.',
  severity: 'medium',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.29'),
    stig('V-242378'),
    stig('V-242418'),
    nsa('encryption'),
    owasp('K07'),
    seed('001/api-tls'),
    seed('004/secure-communication'),
  ],
  stock: 'differs',
  ...componentTls({
    component: 'kube-apiserver',
    address: `${nodeAddress}:6443`,
    ...kubernetesTlsFlags,
    value: oldestVersion('kube-apiserver/tls'),
  }),
});
