import { dryRunRefused } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { admissionRule } from '../support/admission';
import { restrictedPod } from '../support/pods';

const classes = ['system-cluster-critical', 'system-node-critical'];

export default control({
  id: 'admission/system-priorities',
  title: 'Pods of users do not take the priority of the cluster’s own',
  why: 'On a full node a pod of higher priority has others evicted: with the cluster’s own priority one team drives out all others.',
  cost: 'Add-ons that must not be evicted belong in kube-system, or get a priority class of their own.',
  severity: 'medium',
  threats: ['user'],
  stops: ['A45'],
  profiles: ['multi-team'],
  sources: [kubernetes('pod priority and preemption'), owasp('K04'), seed('000/noisy-neighbours')],
  stock: 'differs',
  settings: () => [
    admissionRule({
      name: 'system-priorities',
      resources: ['pods'],
      operations: ['CREATE'],
      holds: `!(object.spec.?priorityClassName.orValue('') in ${JSON.stringify(classes)})`,
      message: `the priority classes ${classes.join(' and ')} are the cluster’s own. Leave priorityClassName out, or ask for a class of your own.`,
    }),
  ],
  checks: () =>
    classes.map((priorityClassName) =>
      dryRunRefused({
        object: restrictedPod('default', 'bulwark-probe-priority', { priorityClassName }),
        what: `a pod of priority class ${priorityClassName} in namespace default`,
        reason: 'admission/system-priorities',
      }),
    ),
});
