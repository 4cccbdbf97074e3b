import { dryRunAccepted, dryRunRefused } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';
import { plainDeployment, rootMountDeployment } from '../support/pods';

export default control({
  id: 'admission/workload-templates',
  title: 'Workloads are refused when their pods would be',
  why: 'Pod Security only warns the author of a Deployment: the refusal hides in an event, and the template waits for a namespace whose level drops.',
  cost: 'Charts that count on a warning fail at once. The rules are those of Kubernetes 1.36, also where a namespace is pinned to others.',
  severity: 'medium',
  threats: ['user', 'supply-chain'],
  stops: ['A09'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('Pod Security Standards'), owasp('K04'), seed('003/pod-security')],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'workload-templates' }],
  checks: () => [
    dryRunRefused({
      object: rootMountDeployment('default'),
      what: 'a Deployment of privileged pods in namespace default',
      reason: 'admission/workload-templates',
    }),
    dryRunRefused({
      object: rootMountDeployment('kube-system'),
      what: 'the same Deployment in kube-system',
      reason: 'admission/exempt-namespace-guard',
    }),
    dryRunAccepted({ object: plainDeployment('default'), what: 'a Deployment of restricted pods' }),
  ],
});
