import { clusterCa } from '../../node-paths';
import { control } from '../control';
import { cis, kubernetes, nsa, seed } from '../sources';
import { componentArgument } from '../support/arguments';

export default control({
  id: 'kube-apiserver/kubelet-certificate-authority',
  title: 'The API server verifies the certificates of kubelets',
  why: 'Without it whoever answers on a node’s address can read exec sessions and logs in transit.',
  cost: 'exec, logs and port-forward fail on a node until its serving certificate is approved.',
  severity: 'high',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.5'),
    kubernetes('hardening-guide: pki'),
    nsa('encryption'),
    seed('000/kubelet-certificate'),
    seed('003/tls'),
  ],
  stock: 'differs',
  ...componentArgument('kube-apiserver', 'kubelet-certificate-authority', clusterCa),
});
