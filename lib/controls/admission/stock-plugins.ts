import { processArgList, processArgsAbsent } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, microsoft, seed, stig } from '../sources';

const scope = 'control-plane';
const process = 'kube-apiserver';
const name = 'enable-admission-plugins';

export default control({
  id: 'admission/stock-plugins',
  title: 'The stock admission plugins are on, NodeRestriction among them, and none that waves everything through',
  why: 'NodeRestriction keeps a stolen node from relabelling others and from minting tokens for pods that run elsewhere; ServiceAccount, NamespaceLifecycle and the policy plugins are what every other rule stands on.',
  cost: 'Plugins of the default set cannot be switched off.',
  severity: 'critical',
  threats: ['user', 'external'],
  stops: ['A26', 'A28', 'A29'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.10'),
    cis('1.2.12'),
    cis('1.2.13'),
    cis('1.2.14'),
    stig('V-242436'),
    microsoft('MS-M9027'),
    kubernetes('security-checklist: admission'),
    seed('000/admission-plugins'),
  ],
  stock: 'same',
  waivable: false,
  settings: () => [{ kind: 'component-arg-list', component: process, name, members: ['NodeRestriction'] }],
  checks: () => [
    processArgList({ scope, process, name, members: ['NodeRestriction'], excluded: ['AlwaysAdmit'] }),
    processArgsAbsent({ scope, process, names: ['disable-admission-plugins'] }),
  ],
});
