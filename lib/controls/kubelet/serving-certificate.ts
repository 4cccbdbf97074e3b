import { kubeletConfig, nodeAddress, tlsIssuer } from '../../checks';
import { kubeletServingCertificate } from '../../node-paths';
import { control } from '../control';
import { cis, kubernetes, seed, stig } from '../sources';
import { field } from '../support/kubelet';
import { clusterIssuer } from '../support/pki';

export default control({
  id: 'kubelet/serving-certificate',
  title: 'Kubelets serve a certificate of the cluster’s authority and renew it',
  why: 'A self-signed certificate lets whoever answers on the node’s address read exec sessions and logs.',
  cost: 'exec and logs wait for the approval of a node’s first certificate, some seconds after it joined.',
  severity: 'high',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.2.9'),
    cis('4.2.11'),
    stig('V-242424'),
    stig('V-242425'),
    kubernetes('hardening-guide: pki'),
    seed('000/kubelet-certificate'),
    seed('001/rotation'),
    seed('004/2.1.11'),
    seed('004/2.1.14'),
  ],
  stock: 'differs',
  settings: () => [
    field('serverTLSBootstrap', true),
    // With serverTLSBootstrap the kubelet reads these only when it has no certificate; benchmarks look for them.
    field('tlsCertFile', kubeletServingCertificate),
    field('tlsPrivateKeyFile', kubeletServingCertificate),
  ],
  checks: (cluster) => [
    tlsIssuer({
      scope: 'node',
      address: `${nodeAddress}:10250`,
      issuer: clusterIssuer,
      issuerText: 'the cluster’s authority',
    }),
    ...kubeletConfig(cluster, { path: 'serverTLSBootstrap', value: true }),
  ],
});
