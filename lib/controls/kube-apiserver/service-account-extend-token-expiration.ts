import { control } from '../control';
import { cis, kubernetes, owasp, seed } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-apiserver/service-account-extend-token-expiration',
  title: 'Tokens of pods live as long as they say: an hour, not a year',
  why: 'A stolen pod token otherwise stays valid for up to a year, long after the pod asked for an hour.',
  cost: 'Old client libraries that never read the token again fail after one hour.',
  severity: 'high',
  threats: ['user', 'external'],
  stops: ['A02', 'A31'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.30'),
    owasp('K09'),
    kubernetes('security-checklist: secrets'),
    seed('000/service-account-tokens'),
    seed('004/token-lifetime'),
  ],
  stock: 'differs',
  // What it does is seen in the lifetime of a pod's token, and no pod of ours has one: the argument is the witness.
  ...componentArgument('kube-apiserver', 'service-account-extend-token-expiration', 'false'),
});
