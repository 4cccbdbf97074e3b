import { at, objectsAbsent } from '../../checks';
import { control } from '../control';
import { cis, stig } from '../sources';

const namespaces = ['default', 'kube-public', 'kube-node-lease'];

export default control({
  id: 'access/built-in-namespaces',
  title: 'Nothing of users is in the namespaces that every cluster comes with',
  why: 'They belong to nobody, so that no team’s quota, policy or role fits what lies there.',
  cost: 'Every workload needs a namespace of its own. What is there is found, not refused; looked at are pods and services.',
  severity: 'high',
  threats: ['user', 'admin'],
  stops: [],
  profiles: ['strict'],
  sources: [stig('V-242383'), cis('5.6.4')],
  stock: 'same',
  settings: () => [],
  checks: () =>
    namespaces.flatMap((namespace) => [
      objectsAbsent({ resource: 'pods', namespace }),
      objectsAbsent({
        resource: 'services',
        namespace,
        where: (service) => namespace !== 'default' || at(service, 'metadata.name') !== 'kubernetes',
        expected: `no service of users in ${namespace}`,
      }),
    ]),
});
