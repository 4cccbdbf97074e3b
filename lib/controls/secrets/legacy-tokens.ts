import { objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

export default control({
  id: 'secrets/legacy-tokens',
  title: 'No Secret holds an eternal service account token',
  why: 'Such a token never expires and outlives every pod; the first attack of the founding thesis used one.',
  cost: 'Outside systems must ask for tokens that expire.',
  severity: 'high',
  threats: ['user', 'external'],
  stops: ['A02', 'A31'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    owasp('K09'),
    kubernetes('security-checklist: secrets'),
    kubernetes('hardening-guide: authn'),
    seed('004/token-lifetime'),
  ],
  stock: 'same',
  // Kubernetes has made none by itself since 1.24.
  settings: () => [],
  checks: () => [
    objectsAbsent({
      resource: 'secrets',
      keep: ['type'],
      where: ({ type }) => type === 'kubernetes.io/service-account-token',
      expected: 'no Secret of type kubernetes.io/service-account-token',
    }),
  ],
});
