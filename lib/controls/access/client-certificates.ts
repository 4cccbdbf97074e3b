import { dryRunRefused } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { kubernetes, nsa, owasp, seed } from '../sources';

/** In the name of `bulwark-probe`; its key was never kept. */
const request =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIU01Ib0NBUUF3R0RFV01CUUdBMVVFQXd3TlluVnNkMkZ5YXkxd2NtOWlaVEJaTUJNR0J5cUdTTTQ5QWdFRwpDQ3FHU000OUF3RUhBMElBQkprZG1lNkpFdHRkRXpSNzN3VFY0eVkyV0ZwcmlVMndKcjdQaHZVMGp0ZStwK24yCkVqR0lWcHRjWDNrU0VQdXlWWkJrZzhkZjVEVGNNK3JCY3pxU0ZTK2dBREFLQmdncWhrak9QUVFEQWdOSUFEQkYKQWlFQXh3M3JxYW1DK2pCN21na0VRQ2tpWTI1WnhPRzVKeXM4c3lIWHpnMldYcmdDSUc5aFE5RXhGS1JKSk0vTgp5a21UcHlJaElzMFVyNUhzUVFkYXo1RzFabytMCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

const probe: Json = {
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'bulwark-probe-client-certificate' },
  spec: {
    request,
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    expirationSeconds: 600,
  },
};

const id = 'access/client-certificates';

export default control({
  id,
  title: 'Nobody gets a client certificate by asking the API server for one',
  why: 'A client certificate cannot be revoked: who leaves, or loses the key, keeps what it names until it ends.',
  cost: 'People need an identity provider. Who holds the key of the cluster’s authority can still sign; `bulwark kubeconfig` does, for hours. Where the control is waived, requests must name one user and no group and end within a day.',
  severity: 'high',
  threats: ['user', 'admin'],
  stops: ['A29'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [kubernetes('hardening-guide: authn'), owasp('K09'), nsa('authn'), seed('000/revocation')],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'no-client-certificates' }],
  whenWaived: () => [{ kind: 'platform-feature', feature: 'client-certificate-limits' }],
  checks: () => [
    dryRunRefused({ object: probe, what: 'a request for a client certificate of ten minutes', reason: id }),
  ],
});
