import { control } from '../control';
import { cis, kubernetes, seed, stig } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-controller-manager/service-account-credentials',
  title: 'Each controller acts with a service account of its own',
  why: 'One account with the rights of all controllers would make the audit log useless and every controller’s fault everybody’s.',
  cost: 'None known.',
  severity: 'high',
  threats: ['external', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.3.3'),
    stig('V-242381'),
    kubernetes('security-checklist: authn-authz'),
    seed('003/component-rights'),
  ],
  stock: 'same',
  ...componentArgument('kube-controller-manager', 'use-service-account-credentials', 'true'),
});
