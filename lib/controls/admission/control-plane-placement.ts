import { dryRunAccepted, dryRunRefused } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { plainPod, restrictedPod } from '../support/pods';

const taint = 'node-role.kubernetes.io/control-plane';

export default control({
  id: 'admission/control-plane-placement',
  title: 'Workloads do not place themselves on control planes',
  why: 'A taint keeps no pod away that tolerates it, nor one that names its node: a flaw in the runtime then opens the control plane.',
  cost: 'Agents that must run on every node need a namespace at level privileged. On a cluster of one node take the taint off the node instead.',
  severity: 'high',
  threats: ['user', 'supply-chain'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    kubernetes('security-checklist: pod placement'),
    owasp('K04'),
    seed('003/isolation'),
    seed('000/team-access'),
  ],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'node-placement' }],
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
    dryRunAccepted({ object: plainPod('default'), what: 'a pod with neither in namespace default' }),
  ],
});
