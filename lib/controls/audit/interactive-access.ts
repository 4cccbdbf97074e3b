import { fileText } from '../../checks';
import { control } from '../control';
import { cis, owasp, seed } from '../sources';

export default control({
  id: 'audit/interactive-access',
  title: 'Commands run in other people’s pods are logged with what was asked for',
  why: 'Among teams that do not trust each other it must be known who entered whose container, and how.',
  cost: 'The command line of exec is in the log; secrets typed as arguments are too.',
  severity: 'medium',
  threats: ['user', 'admin'],
  stops: ['A11', 'A20'],
  profiles: ['multi-team'],
  sources: [cis('3.2.2'), owasp('K10'), seed('003/port-forward')],
  stock: 'differs',
  settings: () => [
    {
      kind: 'audit-rule',
      order: 250,
      rule: {
        level: 'Request',
        resources: [
          {
            group: '',
            resources: ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'services/proxy', 'nodes/proxy'],
          },
        ],
      },
    },
  ],
  // The canary of the audit checks is a Secret, which this rule does not match: the policy's text is the witness.
  checks: ({ paths }) => [
    fileText({
      scope: 'control-plane',
      path: paths.audit,
      matches: /pods\/exec/,
      expected: 'has a rule for pods/exec',
    }),
  ],
});
