import { dryRunRefused } from '../../checks';
import { control } from '../control';
import { cis, cve, kubernetes, owasp } from '../sources';

// 192.0.2.0/24 is reserved for documentation.
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'bulwark-probe-external-ip', namespace: 'default' },
  spec: { externalIPs: ['192.0.2.1'], ports: [{ port: 80 }] },
};

export default control({
  id: 'admission/deny-service-external-ips',
  title: 'Services cannot claim external addresses',
  why: 'A Service with spec.externalIPs draws traffic for any address to its own pods (CVE-2020-8554).',
  cost: 'externalIPs cannot be used; use a load balancer. Services that had them before keep them.',
  severity: 'high',
  threats: ['user'],
  stops: ['A34'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.3'), cve('CVE-2020-8554'), kubernetes('security-checklist: network'), owasp('K05')],
  stock: 'differs',
  settings: () => [
    {
      kind: 'component-arg-list',
      component: 'kube-apiserver',
      name: 'enable-admission-plugins',
      members: ['DenyServiceExternalIPs'],
    },
  ],
  checks: () => [
    dryRunRefused({
      object: service,
      what: 'a Service with externalIPs',
      reason: 'Use of external IPs is denied by admission control',
    }),
  ],
});
