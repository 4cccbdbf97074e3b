import { control } from '../control';
import { kubernetes, seed } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-controller-manager/signing-duration',
  title: 'Certificates signed on request live for 90 days',
  why: 'A stolen kubelet certificate is good for as long as it lives, and it cannot be revoked.',
  cost: 'A node that is switched off for more than 90 days must join again.',
  severity: 'medium',
  threats: ['external', 'provider'],
  stops: ['A25'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    kubernetes('security-checklist: authn-authz'),
    kubernetes('hardening-guide: pki'),
    seed('000/revocation'),
    seed('001/rotation'),
  ],
  stock: 'differs',
  ...componentArgument('kube-controller-manager', 'cluster-signing-duration', '2160h'),
});
