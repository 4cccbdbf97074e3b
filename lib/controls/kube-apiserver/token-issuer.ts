import { processArg, processArgsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

const of = { scope: 'control-plane', process: 'kube-apiserver' } as const;

export default control({
  id: 'kube-apiserver/token-issuer',
  title: 'Tokens of service accounts name the cluster as issuer and are accepted for its own API only',
  why: 'A server that accepts further audiences takes a token that a pod handed to some other service for its own.',
  cost: 'Services that check such tokens themselves ask for an audience of their own.',
  severity: 'medium',
  threats: ['user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K09'), kubernetes('security-checklist: secrets'), seed('000/service-account-tokens')],
  stock: 'same',
  // kubeadm names the issuer; without --api-audiences the issuer is the one audience.
  settings: () => [],
  checks: () => [
    processArg({ ...of, name: 'service-account-issuer', value: 'https://kubernetes.default.svc.cluster.local' }),
    processArgsAbsent({ ...of, names: ['api-audiences'] }),
  ],
});
