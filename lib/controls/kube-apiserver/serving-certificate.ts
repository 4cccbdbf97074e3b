import { nodeAddress, processArg, tlsIssuer } from '../../checks';
import { clusterCa } from '../../node-paths';
import { control } from '../control';
import { cis, seed, stig } from '../sources';
import { clusterIssuer } from '../support/pki';

export default control({
  id: 'kube-apiserver/serving-certificate',
  title: 'The API server serves a certificate of the cluster’s authority and accepts client certificates of no other',
  why: 'Clients that cannot verify the server hand their credentials to whoever answers.',
  cost: 'Clients need the cluster’s CA; it is in every kubeconfig.',
  severity: 'high',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [cis('1.2.24'), cis('1.2.25'), stig('V-242419'), stig('V-242422'), seed('001/api-tls'), seed('003/tls')],
  stock: 'same',
  // kubeadm makes the certificate and sets the arguments.
  settings: () => [],
  checks: () => [
    tlsIssuer({
      scope: 'control-plane',
      address: `${nodeAddress}:6443`,
      issuer: clusterIssuer,
      issuerText: 'the cluster’s authority',
    }),
    processArg({ scope: 'control-plane', process: 'kube-apiserver', name: 'client-ca-file', value: clusterCa }),
  ],
});
