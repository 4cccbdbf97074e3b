import { dryRunRefused } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { admissionRule } from '../support/admission';
import { restrictedPod } from '../support/pods';

const taint = 'node-role.kubernetes.io/control-plane';

export default control({
  id: 'admission/control-plane-placement',
  title: 'Pods of users do not place themselves on control planes',
  why: 'A taint keeps no pod away that tolerates it, nor one that names its node: a flaw in the runtime then opens the control plane.',
  cost: 'Agents that must run on every node belong in kube-system. Pods that tolerate every taint, or name their node when they are made, are refused elsewhere.',
  severity: 'high',
  threats: ['user'],
  stops: [],
  profiles: ['multi-team'],
  sources: [
    kubernetes('security-checklist: pod placement'),
    owasp('K04'),
    seed('003/isolation'),
    seed('000/team-access'),
  ],
  stock: 'differs',
  settings: () => [
    admissionRule({
      name: 'control-plane-placement',
      resources: ['pods'],
      operations: ['CREATE', 'UPDATE'],
      variables: [
        { name: 'standing', expression: 'oldObject == null ? [] : oldObject.spec.?tolerations.orValue([])' },
        {
          name: 'reaching',
          expression: `object.spec.?tolerations.orValue([]).filter(t, !(t in variables.standing) && t.?effect.orValue('NoSchedule') == 'NoSchedule' && t.?key.orValue('') in ['', '${taint}', 'node-role.kubernetes.io/master'])`,
        },
      ],
      // The scheduler names the node later.
      holds: "size(variables.reaching) == 0 && (oldObject != null || object.spec.?nodeName.orValue('') == '')",
      message:
        'pods do not choose control planes. Leave out nodeName and tolerations of every taint or of control planes.',
    }),
  ],
  checks: () => [
    dryRunRefused({
      object: restrictedPod('default', 'bulwark-probe-toleration', {
        tolerations: [{ key: taint, operator: 'Exists', effect: 'NoSchedule' }],
      }),
      what: 'a pod that tolerates control planes in namespace default',
      reason: 'admission/control-plane-placement',
    }),
    dryRunRefused({
      object: restrictedPod('default', 'bulwark-probe-node-name', { nodeName: 'cp-1' }),
      what: 'a pod that names its node in namespace default',
      reason: 'admission/control-plane-placement',
    }),
  ],
});
