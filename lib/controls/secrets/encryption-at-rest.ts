import { etcdTransformer, fileMode, processArg } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, nsa, owasp, seed, stig } from '../sources';
import { argument } from '../support/arguments';

export default control({
  id: 'secrets/encryption-at-rest',
  title: 'Secrets and ConfigMaps are encrypted in etcd',
  why: 'A copy of the etcd disk or of a snapshot otherwise hands out every credential of the cluster in clear text.',
  cost: 'The key lies on the control planes beside the data: it protects disks and backups, not a stolen control plane. A lost key loses every Secret.',
  severity: 'critical',
  threats: ['provider', 'external'],
  stops: ['A24'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.27'),
    cis('1.2.28'),
    stig('V-274882'),
    nsa('secrets'),
    owasp('K03'),
    kubernetes('security-checklist: secrets'),
    seed('000/encryption-at-rest'),
    seed('001/etcd-encryption'),
    seed('003/etcd-encryption'),
  ],
  stock: 'differs',
  settings: ({ spec }) => [
    argument('kube-apiserver', 'encryption-provider-config-automatic-reload', 'true'),
    ...['secrets', 'configmaps', ...spec.encryption.resources].map(
      (resource) => ({ kind: 'encrypted-resource', resource }) as const,
    ),
  ],
  // Resources that the spec adds may have no object yet, which proves nothing: only these two always have some.
  checks: ({ paths }) => [
    etcdTransformer({ prefix: '/registry/secrets/', transformer: 'k8s:enc:secretbox:v1:' }),
    etcdTransformer({ prefix: '/registry/configmaps/', transformer: 'k8s:enc:secretbox:v1:' }),
    processArg({
      scope: 'control-plane',
      process: 'kube-apiserver',
      name: 'encryption-provider-config',
      value: paths.encryption,
    }),
    fileMode({ scope: 'control-plane', path: paths.encryption, mode: '0600' }),
  ],
});
