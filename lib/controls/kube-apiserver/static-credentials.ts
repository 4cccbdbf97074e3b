import { processArgsAbsent } from '../../checks';
import { control } from '../control';
import { cis, owasp, seed, stig } from '../sources';

const files = ['token-auth-file', 'basic-auth-file'];

export default control({
  id: 'kube-apiserver/static-credentials',
  title: 'No file of static tokens or passwords is accepted',
  why: 'Such credentials never expire, and revoking one takes a restart of the API server.',
  cost: 'People log in by OIDC or by a short-lived client certificate.',
  severity: 'critical',
  threats: ['external', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.2'),
    stig('V-245542'),
    stig('V-245543'),
    owasp('K09'),
    seed('000/brute-force'),
    seed('000/token-files'),
  ],
  stock: 'same',
  waivable: false,
  // Nothing to render: the arguments are refused in the spec. The running process is seen all the same.
  settings: () => [],
  checks: () => [processArgsAbsent({ scope: 'control-plane', process: 'kube-apiserver', names: files })],
});
