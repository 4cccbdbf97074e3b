import { objectsAbsent } from '../../checks';
import { control } from '../control';
import { seed, stig } from '../sources';

export default control({
  id: 'access/dashboard',
  title: 'There is no Kubernetes dashboard',
  why: 'A dashboard is a web page with the rights of its service account, and a favourite way into clusters.',
  cost: 'Whoever wants one runs it outside the cluster. It is known by the labels that its makers give it; a copy with other labels is not.',
  severity: 'medium',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['strict'],
  sources: [stig('V-242395'), seed('004/dashboard')],
  stock: 'same',
  settings: () => [],
  checks: () =>
    ['k8s-app=kubernetes-dashboard', 'app.kubernetes.io/part-of=kubernetes-dashboard'].map((labelSelector) =>
      objectsAbsent({ resource: 'pods', labelSelector, expected: `no pod with the label ${labelSelector}` }),
    ),
});
