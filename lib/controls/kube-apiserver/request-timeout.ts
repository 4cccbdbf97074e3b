import { control } from '../control';
import { cis, seed, stig } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-apiserver/request-timeout',
  title: 'A request to the API server ends after a minute',
  why: 'Requests without an end let a slow client hold the server.',
  cost: 'A list that takes longer than a minute fails; watches are not concerned.',
  severity: 'low',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.20'), stig('V-242438'), seed('002/floods')],
  stock: 'differs',
  // The value is the default of the program; writing it keeps a later default from changing it.
  ...componentArgument('kube-apiserver', 'request-timeout', '60s'),
});
