import { processArgList, processArgsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, stig } from '../sources';

const scope = 'control-plane';
const process = 'kube-apiserver';

export default control({
  id: 'kube-apiserver/no-alpha-apis',
  title: 'No alpha API and no wholesale feature gate is on',
  why: 'Alpha code has had no security review and may vanish with the next release.',
  cost: 'Alpha features cannot be tried on such a cluster.',
  severity: 'medium',
  threats: ['user', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [stig('V-242400'), kubernetes('deprecation policy')],
  stock: 'same',
  // Nothing to render: the arguments are absent by default.
  settings: () => [],
  checks: () => [
    processArgsAbsent({ scope, process, names: ['runtime-config'] }),
    processArgList({ scope, process, name: 'feature-gates', excluded: ['AllAlpha=true', 'AllBeta=true'] }),
  ],
});
