import { at, dryRunAccepted, dryRunRefused, objectsAbsent, objectsAll } from '../../checks';
import type { Json } from '../../settings/setting';
import { podSecurityLevels } from '../../spec/pod-security-levels';
import { control } from '../control';
import { cis, kubernetes, nsa, owasp, seed, stig } from '../sources';

const label = 'metadata.labels.[pod-security.kubernetes.io/enforce]';

/** Whether a label grants more than the level that the spec gives (restricted for a namespace it does not name). */
function looser(value: Json | undefined, level: (typeof podSecurityLevels)[number] = 'restricted'): boolean {
  const levels: readonly unknown[] = podSecurityLevels;
  return levels.indexOf(value) > levels.indexOf(level);
}

const namespaceAt = (level: string): Json => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'bulwark-probe-level', labels: { 'pod-security.kubernetes.io/enforce': level } },
});

export default control({
  id: 'admission/namespace-levels',
  title: 'Every namespace keeps the Pod Security level that the spec gives it',
  why: 'A label on a namespace is all it takes to let privileged pods in.',
  cost: 'Levels are changed in the spec, not with kubectl, and new namespaces at another level than restricted come from the spec.',
  severity: 'high',
  threats: ['user', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.2.1'),
    stig('V-242437'),
    owasp('K04'),
    kubernetes('Pod Security Standards'),
    cis('5.6.1'),
    nsa('namespaces'),
    seed('003/pod-security'),
  ],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'namespace-levels' }],
  checks: ({ spec }) => {
    const levels = new Map(spec.namespaces.map(({ name, level }) => [name, level]));
    return [
      dryRunRefused({
        object: namespaceAt('privileged'),
        what: 'a new namespace at level privileged',
        reason: 'admission/namespace-levels',
      }),
      dryRunAccepted({ object: namespaceAt('restricted'), what: 'the same namespace at level restricted' }),
      objectsAbsent({
        resource: 'namespaces',
        keep: ['metadata.labels'],
        where: (namespace) => looser(at(namespace, label), levels.get(`${at(namespace, 'metadata.name')}`)),
        expected: 'no namespace has a looser level than the spec says',
      }),
      ...spec.namespaces.map(({ name, level }) =>
        objectsAll({
          resource: 'namespaces',
          name,
          keep: ['metadata.labels'],
          holds: (namespace) => at(namespace, label) === level,
          expected: `namespace ${name} enforces ${level}`,
        }),
      ),
    ];
  },
});
