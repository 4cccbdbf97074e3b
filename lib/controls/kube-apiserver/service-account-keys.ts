import { processArg, processArgsAbsent } from '../../checks';
import { control } from '../control';
import { cis } from '../sources';

const scope = 'control-plane';
const process = 'kube-apiserver';

export default control({
  id: 'kube-apiserver/service-account-keys',
  title: 'Service account tokens have a key pair of their own and are looked up on every use',
  why: 'A token whose account was deleted must stop working at once.',
  cost: 'None known.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.21'), cis('1.2.22')],
  stock: 'same',
  // The look-up is the program's default; only an argument could switch it off.
  settings: () => [],
  checks: () => [
    processArg({ scope, process, name: 'service-account-key-file', value: '/etc/kubernetes/pki/sa.pub' }),
    processArgsAbsent({ scope, process, names: ['service-account-lookup'] }),
  ],
});
