import { control } from '../control';
import { cis, stig } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'etcd/auto-tls',
  title: 'etcd makes no certificates by itself for clients',
  why: 'A self-made certificate encrypts and proves nothing.',
  cost: 'None: kubeadm makes the certificates.',
  severity: 'medium',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('2.3'), stig('V-242379')],
  stock: 'differs',
  // The value is the default of the program; benchmarks want it written. The effect is what the certificate controls see.
  ...componentArgument('etcd', 'auto-tls', 'false'),
});
