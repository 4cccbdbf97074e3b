import { at, httpStatus, nodeAddress, objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

/** Flow schemas that Kubernetes itself makes exempt: administrators of last resort, and health probes. */
const own: readonly unknown[] = ['exempt', 'probes'];

export default control({
  id: 'kube-apiserver/priority-and-fairness',
  title: 'The API server shares its time among its users, and nobody is exempt but the cluster itself',
  why: 'One team’s controller that asks in a loop otherwise keeps every other team, and the cluster’s own controllers, waiting.',
  cost: 'Requests of a user who asks for more than a fair share wait, and are refused with 429 in the end.',
  severity: 'medium',
  threats: ['user'],
  stops: [],
  profiles: ['multi-team'],
  sources: [kubernetes('API priority and fairness'), owasp('K06'), seed('000/noisy-neighbours'), seed('002/floods')],
  stock: 'same',
  // On unless an argument says otherwise; exemptions can be made by whoever may write flow schemas.
  settings: () => [],
  checks: () => [
    httpStatus({
      scope: 'control-plane',
      url: `https://${nodeAddress}:6443/debug/api_priority_and_fairness/dump_priority_levels`,
      client: 'admin',
      status: [200],
    }),
    objectsAbsent({
      resource: 'flowschemas.flowcontrol.apiserver.k8s.io',
      keep: ['spec.priorityLevelConfiguration.name'],
      where: (schema) =>
        at(schema, 'spec.priorityLevelConfiguration.name') === 'exempt' && !own.includes(at(schema, 'metadata.name')),
      expected: 'no flow schema but Kubernetes’ own is exempt',
    }),
  ],
});
