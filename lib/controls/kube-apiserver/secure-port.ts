import { listenerAbsent, processArg, processArgsAbsent } from '../../checks';
import { control } from '../control';
import { nsa, seed, stig } from '../sources';

const of = { scope: 'control-plane', process: 'kube-apiserver' } as const;

export default control({
  id: 'kube-apiserver/secure-port',
  title: 'The API server has one port, which speaks TLS, and none without authentication',
  why: 'The old port 8080 served everything to everybody on the machine; a program that revives it undoes all other rules.',
  cost: 'None known.',
  severity: 'critical',
  threats: ['external', 'user', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [stig('V-242386'), stig('V-242388'), stig('V-242389'), nsa('control plane'), seed('001/api-tls')],
  stock: 'same',
  waivable: false,
  // kubeadm gives the port; the arguments of the old one are refused in the spec.
  settings: () => [],
  checks: () => [
    processArg({ ...of, name: 'secure-port', value: '6443' }),
    processArgsAbsent({ ...of, names: ['insecure-port', 'insecure-bind-address'] }),
    listenerAbsent({ scope: 'control-plane', port: 8080 }),
  ],
});
