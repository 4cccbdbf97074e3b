import { control } from '../control';
import { cis, seed } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-controller-manager/terminated-pod-gc-threshold',
  title: 'Finished pods are collected after the thousandth',
  why: '12500 finished pods, the default, slow every list of pods down.',
  cost: 'The thousand latest finished pods remain for looking into, not more.',
  severity: 'low',
  threats: ['user'],
  stops: ['A45'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.3.1'), seed('000/controller-manager')],
  stock: 'differs',
  ...componentArgument('kube-controller-manager', 'terminated-pod-gc-threshold', '1000'),
});
