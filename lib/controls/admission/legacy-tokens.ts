import { dryRunAccepted, dryRunRefused } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

const secretOf = (type: string): Json => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type,
  metadata: {
    name: 'bulwark-probe-token',
    namespace: 'default',
    annotations: { 'kubernetes.io/service-account.name': 'default' },
  },
});

export default control({
  id: 'admission/legacy-tokens',
  title: 'No Secret can ask for an eternal service account token',
  why: 'Whoever may create a Secret otherwise mints a credential that never expires, for any account of the namespace.',
  cost: 'Outside systems use `kubectl create token`, or a certificate, and renew it.',
  severity: 'high',
  threats: ['user', 'external'],
  stops: ['A31'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K09'), kubernetes('hardening-guide: authn'), seed('004/token-lifetime')],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'legacy-tokens' }],
  checks: () => [
    dryRunRefused({
      object: secretOf('kubernetes.io/service-account-token'),
      what: 'a Secret that asks for a token',
      reason: 'admission/legacy-tokens',
    }),
    dryRunAccepted({ object: secretOf('Opaque'), what: 'the same Secret with a value of its own' }),
  ],
});
