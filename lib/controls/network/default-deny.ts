import { at, list, objectsAll } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { cis, kubernetes, microsoft, nsa, owasp, seed } from '../sources';

const selectsAll = (selector: Json | undefined) => JSON.stringify(selector) === '{}';

const clusterwide = objectsAll({
  resource: 'ciliumclusterwidenetworkpolicies.cilium.io',
  keep: ['spec'],
  // Whatever its name: what counts is that one denies.
  where: (policy) =>
    selectsAll(at(policy, 'spec.endpointSelector')) &&
    at(policy, 'spec.enableDefaultDeny.ingress') === true &&
    at(policy, 'spec.enableDefaultDeny.egress') === true,
  holds: () => true,
  expected: 'a cluster-wide default deny selects every pod, in and out',
});

export default control({
  id: 'network/default-deny',
  title: 'Pods reach nothing, and nothing reaches them, until a policy allows it',
  why: 'One taken pod otherwise scans and talks to every other; the second attack of the founding thesis needed nothing else.',
  cost: 'Every connection needs a policy. With a network other than Cilium only the namespaces of the spec are covered.',
  severity: 'critical',
  threats: ['user', 'external'],
  stops: ['S2', 'A04', 'A36', 'A37', 'A47'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.3.2'),
    nsa('network policies'),
    kubernetes('security-checklist: network'),
    owasp('K05'),
    microsoft('MS-M9014'),
    seed('000/taken-site'),
    seed('000/default-deny'),
    seed('001/network-policies'),
    seed('002/network-separation'),
    seed('002/isolation'),
    seed('003/network-deny'),
    seed('004/network-policies'),
  ],
  stock: 'differs',
  appliesTo: ({ spec }) => spec.cni.name === 'cilium' || spec.namespaces.length > 0,
  settings: () => [{ kind: 'platform-feature', feature: 'default-deny' }],
  // Whether traffic stops is shown by the attack tests, which start pods; a verification run starts none.
  checks: ({ spec }) =>
    spec.cni.name === 'cilium'
      ? [clusterwide]
      : spec.namespaces.map(({ name }) =>
          objectsAll({
            resource: 'networkpolicies.networking.k8s.io',
            namespace: name,
            keep: ['spec'],
            where: (policy) =>
              selectsAll(at(policy, 'spec.podSelector')) &&
              list(at(policy, 'spec.policyTypes')).includes('Ingress') &&
              list(at(policy, 'spec.ingress')).length === 0,
            holds: () => true,
            expected: `namespace ${name} has a default deny`,
          }),
        ),
});
