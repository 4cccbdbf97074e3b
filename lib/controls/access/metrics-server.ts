import {
  accessAllowed,
  accessDenied,
  at,
  type Check,
  fail,
  list,
  namesOf,
  notApplicable,
  type ObjectFact,
  objectsAll,
  pass,
} from '../../checks';
import { control } from '../control';
import { kubernetes, owasp } from '../sources';

const role = 'system:metrics-server';
const namespace = 'kube-system';
const name = 'metrics-server';
const user = `system:serviceaccount:${namespace}:${name}`;

const isItsOwn = (binding: ObjectFact): boolean =>
  list(at(binding, 'subjects')).every(
    (subject) =>
      at(subject, 'kind') === 'ServiceAccount' &&
      at(subject, 'name') === name &&
      at(subject, 'namespace') === namespace,
  );

/** Whether anybody reads what all kubelets measure; where nobody does, there is no metrics-server. */
const readers: Check<'objects'> = {
  scope: 'cluster',
  absence: true,
  probe: {
    kind: 'objects',
    resource: 'clusterrolebindings.rbac.authorization.k8s.io',
    keep: ['metadata.name', 'metadata.namespace', 'subjects', 'roleRef'],
  },
  expected: `${role} is bound to its service account only`,
  strength: 'effect',
  judge: (bindings) => {
    const meant = bindings.filter((binding) => at(binding, 'roleRef.name') === role);
    if (meant.length === 0) return notApplicable('no metrics-server');
    const others = meant
      .filter((binding) => !isItsOwn(binding))
      .map((binding) => ({ resource: 'clusterrolebindings', name: String(at(binding, 'metadata.name') ?? '') }));
    return others.length === 0 ? pass('its service account') : fail(`others too: ${namesOf(others)}`, others);
  },
};

/** Arguments with which it would take any server for a kubelet. */
const unverified = /^--(kubelet-insecure-tls|deprecated-kubelet-completely-insecure)(=true)?$/;

const verifiesKubelets = (deployment: ObjectFact): boolean =>
  list(at(deployment, 'spec.template.spec.containers')).every((container) => {
    const args = [...list(at(container, 'command')), ...list(at(container, 'args'))].map(String);
    return (
      args.some((arg) => arg.startsWith('--kubelet-certificate-authority=')) &&
      !args.some((arg) => unverified.test(arg))
    );
  });

const isVerified = (service: ObjectFact): boolean => {
  const bundle = at(service, 'spec.caBundle');
  return at(service, 'spec.insecureSkipTLSVerify') !== true && typeof bundle === 'string' && bundle !== '';
};

export default control({
  id: 'access/metrics-server',
  title: 'metrics-server verifies whom it asks, is verified itself, and may do no more than read',
  why: 'It speaks to every kubelet, and autoscalers and people believe what it says: unverified, whoever stands between reads its token and makes up numbers.',
  cost: 'Nothing where metrics-server is off. A metrics-server that others installed is judged by the bindings of its role only.',
  severity: 'medium',
  threats: ['user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K02'), kubernetes('security-checklist: network')],
  stock: 'same',
  // `metricsServer` of the spec renders it.
  settings: () => [],
  checks: ({ spec }) => [
    readers,
    ...(spec.metricsServer
      ? [
          objectsAll({
            resource: 'apiservices.apiregistration.k8s.io',
            name: 'v1beta1.metrics.k8s.io',
            keep: ['spec.insecureSkipTLSVerify', 'spec.caBundle'],
            holds: isVerified,
            expected: 'the API server verifies the certificate of metrics-server',
          }),
          objectsAll({
            resource: 'deployments.apps',
            namespace,
            name,
            keep: ['spec.template.spec.containers'],
            holds: verifiesKubelets,
            expected: 'metrics-server verifies the certificates of kubelets',
          }),
          accessAllowed({ user, verb: 'get', resource: 'nodes', subresource: 'metrics' }),
          accessDenied({ user, verb: 'get', resource: 'nodes', subresource: 'proxy' }),
          accessDenied({ user, verb: 'list', resource: 'secrets' }),
          accessDenied({ user, verb: 'create', resource: 'pods', namespace }),
        ]
      : []),
  ],
});
