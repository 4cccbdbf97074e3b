import { kubeletConfig, nodeAddress } from '../../checks';
import { control } from '../control';
import { cis, nsa, owasp, seed } from '../sources';
import { field } from '../support/kubelet';
import { cipherSuites, oldestVersion, oldSuitesRefused, oldVersionsRefused } from '../support/tls';

const oldest = oldestVersion('kubelet/tls');
const minimum = { 'TLS 1.2': 'VersionTLS12', 'TLS 1.3': 'VersionTLS13' } as const;

// Benchmarks know the suites of ChaCha20 by these short names only.
const suites = [...cipherSuites, 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305'];

export default control({
  id: 'kubelet/tls',
  title: 'Kubelets speak TLS 1.2 or later, with forward secrecy and authenticated encryption',
  why: 'Exec sessions and logs cross this connection.',
  cost: 'Clients older than about 2014 cannot connect.',
  severity: 'medium',
  threats: ['external', 'provider'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('4.2.12'),
    nsa('encryption'),
    owasp('K07'),
    seed('001/api-tls'),
    seed('004/secure-communication'),
    seed('004/2.1.15'),
  ],
  stock: 'differs',
  value: oldest,
  settings: (cluster) => [field('tlsMinVersion', minimum[oldest.on(cluster)]), field('tlsCipherSuites', suites)],
  checks: (cluster) => [
    oldVersionsRefused('node', `${nodeAddress}:10250`, oldest.on(cluster)),
    oldSuitesRefused('node', `${nodeAddress}:10250`),
    ...kubeletConfig(cluster, { path: 'tlsMinVersion', value: minimum[oldest.on(cluster)] }),
  ],
});
