import { sysctl } from '../../checks';
import { control } from '../control';
import { microsoft, nsa, seed } from '../sources';

/** Each with other values that are as strict: 2 refuses unprivileged BPF too, but lets root allow it again. */
const parameters: readonly (readonly [name: string, value: string, ...alsoStrict: string[]])[] = [
  ['kernel.kptr_restrict', '2'],
  ['kernel.dmesg_restrict', '1'],
  ['kernel.unprivileged_bpf_disabled', '1', '2'],
  ['kernel.kexec_load_disabled', '1'],
  ['kernel.sysrq', '0'],
  ['kernel.yama.ptrace_scope', '1', '2', '3'],
  ['net.core.bpf_jit_harden', '2'],
  ['fs.protected_hardlinks', '1'],
  ['fs.protected_symlinks', '1'],
  ['fs.suid_dumpable', '0'],
];

export default control({
  id: 'node/kernel-parameters',
  title: 'The kernel hides its addresses and log, and lets only root load BPF programs',
  why: 'Kernel addresses and unprivileged BPF are what most local exploits start from.',
  cost: 'Debuggers and profilers on the node need root; kexec and kdump do not work.',
  severity: 'medium',
  threats: ['user'],
  stops: ['A40', 'A41'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('pod environment'), microsoft('MS-M9011'), seed('004/os-hardening')],
  stock: 'differs',
  settings: () => parameters.map(([name, value]) => ({ kind: 'sysctl', name, value })),
  checks: () => parameters.map(([name, value, ...alsoStrict]) => sysctl({ name, value, alsoStrict })),
});
