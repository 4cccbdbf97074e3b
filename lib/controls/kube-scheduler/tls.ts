import { control } from '../control';
import { kubernetes, seed, stig } from '../sources';
import { componentTls, kubernetesTlsFlags, oldestVersion } from '../support/tls';

export default control({
  id: 'kube-scheduler/tls',
  title: 'The scheduler speaks TLS 1.2 or later, with forward secrecy and authenticated encryption',
  why: 'Old versions and CBC suites have known attacks on recorded or modified traffic.',
  cost: 'None known: only local clients connect.',
  severity: 'medium',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [stig('V-242377'), kubernetes('hardening-guide: scheduler'), seed('003/component-tls')],
  stock: 'differs',
  ...componentTls({
    component: 'kube-scheduler',
    address: '127.0.0.1:10259',
    ...kubernetesTlsFlags,
    value: oldestVersion('kube-scheduler/tls'),
  }),
});
