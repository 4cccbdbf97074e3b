import { at, objectsAll } from '../../checks';
import { control } from '../control';
import { cis, microsoft, nsa, owasp, seed } from '../sources';

export default control({
  id: 'access/default-service-accounts',
  title: 'Default service accounts give pods no token',
  why: 'A pod that never asked for one otherwise carries a credential for the API; the first attack of the founding thesis starts with it.',
  cost: 'A workload that talks to the API needs a service account of its own.',
  severity: 'high',
  threats: ['user', 'external'],
  stops: ['S1', 'A01', 'A02'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.1.5'),
    cis('5.1.6'),
    microsoft('MS-M9025'),
    nsa('service account tokens'),
    owasp('K09'),
    seed('002/service-accounts'),
    seed('004/default-accounts'),
  ],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'tokenless-default-accounts' }],
  checks: () => [
    objectsAll({
      resource: 'serviceaccounts',
      keep: ['automountServiceAccountToken'],
      where: (account) => at(account, 'metadata.name') === 'default',
      holds: ({ automountServiceAccountToken }) => automountServiceAccountToken === false,
      expected: 'every default service account has automountServiceAccountToken: false',
    }),
  ],
});
