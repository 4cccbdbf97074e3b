import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-apiserver/service-account-max-token-expiration',
  title: 'No service account token lives longer than a day',
  why: 'Whoever may mint tokens could otherwise make one that outlives every clean-up.',
  cost: 'Long-lived tokens for outside systems are cut to 24 hours; they must renew.',
  severity: 'medium',
  threats: ['user', 'admin'],
  stops: ['A31'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    owasp('K09'),
    kubernetes('hardening-guide: authn'),
    kubernetes('security-checklist: secrets'),
    seed('000/service-account-tokens'),
  ],
  stock: 'differs',
  ...componentArgument('kube-apiserver', 'service-account-max-token-expiration', '24h'),
});
