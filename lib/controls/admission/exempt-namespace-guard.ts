import { dryRunRefused } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed, stig } from '../sources';
import { rootMountPod } from '../support/pods';

export default control({
  id: 'admission/exempt-namespace-guard',
  title: 'Pods in the exempt namespaces are admitted from an allow-list only',
  why: 'The Pod Security exemption of kube-system is exactly where an attacker places a privileged pod.',
  cost: 'Add-ons that need kube-system must be put on the list; others belong in a namespace of their own.',
  severity: 'critical',
  threats: ['user', 'admin'],
  stops: ['S3', 'A06'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    stig('V-242417'),
    owasp('K04'),
    kubernetes('ValidatingAdmissionPolicy'),
    seed('000/privileged-containers'),
    seed('004/system-namespace'),
  ],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'exempt-namespace-guard' }],
  checks: () => [
    dryRunRefused({
      object: rootMountPod('kube-system'),
      what: 'a privileged pod with the node’s root in kube-system',
      reason: 'admission/exempt-namespace-guard',
    }),
  ],
});
