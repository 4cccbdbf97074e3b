import { at, objectsAll } from '../../checks';
import { control } from '../control';
import { owasp } from '../sources';

export default control({
  id: 'admission/debug-containers',
  title: 'Running pods get no debug containers unless their namespace is labelled for it',
  why: 'A debug container joins a pod that passed every review, reads its memory and environment, and stays until the pod ends.',
  cost: '`kubectl debug` works on a copy of the pod (`--copy-to`), or in a namespace with the label bulwark.dev/debug-containers: allowed.',
  severity: 'medium',
  threats: ['user', 'admin'],
  stops: ['A11'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K04')],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'debug-containers' }],
  // A dry run of the effect would need a running pod; the attacks have one.
  checks: () => [
    objectsAll({
      resource: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
      name: 'bulwark-debug-containers',
      keep: ['spec.validationActions'],
      holds: (binding) => JSON.stringify(at(binding, 'spec.validationActions') ?? []).includes('Deny'),
      expected: 'the policy on debug containers is bound and denies',
    }),
  ],
});
