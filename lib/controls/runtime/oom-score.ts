import { fileText } from '../../checks';
import type { Setting } from '../../settings/setting';
import { control } from '../control';
import { kubernetes } from '../sources';

const setting = (value: boolean): Setting => ({
  kind: 'containerd-field',
  path: ['plugins', 'io.containerd.cri.v1.runtime', 'restrict_oom_score_adj'],
  value,
});

export default control({
  id: 'runtime/oom-score',
  title: 'Containers get the out-of-memory score that the kubelet gave them',
  why: 'When memory runs out the kernel must kill a best-effort pod, not the kubelet.',
  cost: 'containerd needs the capability CAP_SYS_RESOURCE.',
  severity: 'low',
  threats: ['user'],
  stops: ['A45'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('node out-of-memory behavior')],
  stock: 'same',
  settings: () => [setting(false)],
  whenWaived: () => [setting(true)],
  checks: () => [
    // Nothing reports the effective value, and the file's text is what containerd started with.
    fileText({
      scope: 'node',
      path: '/etc/containerd/config.toml',
      lacks: /^\s*restrict_oom_score_adj\s*=\s*true/m,
      expected: 'no restrict_oom_score_adj = true',
    }),
  ],
});
