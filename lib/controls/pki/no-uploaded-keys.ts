import { at, objectsAbsent } from '../../checks';
import { control } from '../control';
import { kubernetes, owasp, seed } from '../sources';

export default control({
  id: 'pki/no-uploaded-keys',
  title: 'No copy of the authorities’ private keys lies in the cluster',
  why: 'kubeadm can leave all of them for two hours in the Secret kubeadm-certs, behind one key that is passed by hand.',
  cost: 'Further control planes get their keys over SSH, not through the API.',
  severity: 'high',
  threats: ['admin', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [owasp('K03'), kubernetes('hardening-guide: pki'), seed('000/authority-keys')],
  stock: 'same',
  // Nothing uploads them unless somebody asks kubeadm for it.
  settings: () => [
    { kind: 'absent-object', apiVersion: 'v1', objectKind: 'Secret', namespace: 'kube-system', name: 'kubeadm-certs' },
  ],
  checks: () => [
    objectsAbsent({
      resource: 'secrets',
      namespace: 'kube-system',
      keep: ['type'],
      where: (secret) => at(secret, 'metadata.name') === 'kubeadm-certs',
      expected: 'no Secret kubeadm-certs',
    }),
  ],
});
