import { kubeletConfig, sysctl } from '../../checks';
import { control } from '../control';
import { seed, stig } from '../sources';
import { field } from '../support/kubelet';

/** What the kubelet compares at its start. */
const parameters = [
  ['vm.overcommit_memory', '1'],
  ['vm.panic_on_oom', '0'],
  ['kernel.panic', '10'],
  ['kernel.panic_on_oops', '1'],
  ['kernel.keys.root_maxkeys', '1000000'],
  ['kernel.keys.root_maxbytes', '25000000'],
] as const;

export default control({
  id: 'kubelet/protect-kernel-defaults',
  title: 'Kernel parameters are what the kubelet expects before it starts',
  why: 'A kubelet that changes them by itself overrules the administrator without a word.',
  cost: 'The kubelet does not start on a node whose parameters differ.',
  severity: 'high',
  threats: ['admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [stig('V-242434'), seed('004/2.1.7')],
  stock: 'differs',
  settings: () => [
    field('protectKernelDefaults', true),
    ...parameters.map(([name, value]) => ({ kind: 'sysctl', name, value }) as const),
  ],
  checks: (cluster) => [
    ...kubeletConfig(cluster, { path: 'protectKernelDefaults', value: true }),
    ...parameters.map(([name, value]) => sysctl({ name, value })),
  ],
});
