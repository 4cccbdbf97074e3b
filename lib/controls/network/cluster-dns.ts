import { at, objectsAll } from '../../checks';
import { control } from '../control';
import { kubernetes, microsoft } from '../sources';

export default control({
  id: 'network/cluster-dns',
  title: 'Cluster DNS affirms no made-up names of pods and amplifies no questions',
  why: 'kubeadm’s Corefile answers 10-0-0-1.any-namespace.pod with that address whoever has it, and answers ANY in full, which serves whoever forges the sender.',
  cost: 'Names of the form 1-2-3-4.namespace.pod do not resolve. The Corefile is the spec’s: zones that are added by hand are taken out by the next run.',
  severity: 'low',
  threats: ['user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('DNS for Services and Pods'), microsoft('MS-M9014')],
  stock: 'differs',
  // Without our Corefile cluster DNS would have none: the run takes away what left the bundle.
  waivable: false,
  settings: () => [{ kind: 'platform-feature', feature: 'cluster-dns' }],
  checks: () => [
    objectsAll({
      resource: 'configmaps',
      namespace: 'kube-system',
      name: 'coredns',
      keep: ['data.Corefile'],
      holds: (config) => {
        const corefile = `${at(config, 'data.Corefile')}`;
        return /^\s*pods disabled$/m.test(corefile) && /^\s*any$/m.test(corefile);
      },
      expected: 'the Corefile has `pods disabled` and `any`',
    }),
  ],
});
