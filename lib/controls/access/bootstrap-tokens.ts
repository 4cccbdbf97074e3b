import { fileAbsent, objectsAbsent } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, owasp, seed } from '../sources';

/** A kubelet’s first kubeconfig: it carries a token. */
const bootstrapKubeconfig = '/etc/kubernetes/bootstrap-kubelet.conf';

export default control({
  id: 'access/bootstrap-tokens',
  title: 'No join token is left',
  why: 'Whoever finds one joins a node of any name.',
  cost: 'Each join needs a token of its own, which the join makes and removes.',
  severity: 'high',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('3.1.3'),
    kubernetes('hardening-guide: authn'),
    owasp('K09'),
    seed('000/bootstrap-tokens'),
    seed('004/join-tokens'),
  ],
  stock: 'differs',
  // Runs remove the tokens that they make.
  settings: () => [{ kind: 'absent-file', path: bootstrapKubeconfig, roles: ['control-plane', 'worker'] }],
  checks: () => [
    objectsAbsent({
      resource: 'secrets',
      namespace: 'kube-system',
      keep: ['type'],
      where: ({ type }) => type === 'bootstrap.kubernetes.io/token',
      expected: 'no Secret of type bootstrap.kubernetes.io/token',
    }),
    fileAbsent({ scope: 'node', path: bootstrapKubeconfig }),
  ],
});
