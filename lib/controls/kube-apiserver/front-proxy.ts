import { certificateIssuer, processArg } from '../../checks';
import { control } from '../control';
import { kubernetes } from '../sources';

const scope = 'control-plane';
const process = 'kube-apiserver';

export default control({
  id: 'kube-apiserver/front-proxy',
  title: 'Identities in request headers are taken from the front proxy only',
  why: 'Whoever may set these headers is whoever they like.',
  cost: 'None: only extension API servers are concerned.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: authn'), kubernetes('authenticating proxy')],
  stock: 'same',
  // kubeadm sets both arguments, and the planner refuses other values.
  settings: () => [],
  checks: () => [
    processArg({ scope, process, name: 'requestheader-allowed-names', value: 'front-proxy-client' }),
    processArg({
      scope,
      process,
      name: 'requestheader-client-ca-file',
      value: '/etc/kubernetes/pki/front-proxy-ca.crt',
    }),
    certificateIssuer({
      scope,
      path: '/etc/kubernetes/pki/front-proxy-client.crt',
      issuer: /CN\s*=\s*front-proxy-ca/,
      issuerText: 'front-proxy-ca',
    }),
  ],
});
