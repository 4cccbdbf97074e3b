import { type Attack, joined } from './attack';
import { scenery } from './scenery';
import { inPod, liftDefaultDeny } from './steps';

/** http.server's own main program looks up its name first, and waits long where no resolver answers. */
const server = `import functools as f, http.server as h, socketserver as s
s.TCPServer(('169.254.169.254', 80), f.partial(h.SimpleHTTPRequestHandler, directory='/run/imds')).serve_forever()`;

const stopMetadata = `[ -e /run/imds.pid ] && kill "$(cat /run/imds.pid)"
ip link delete imds0 2>/dev/null; ip netns delete imds 2>/dev/null; rm -rf /run/imds /run/imds.pid`;

/**
 * A stand-in for a cloud's metadata service: a network namespace of the node that owns the link-local address and
 * answers HTTP, so that the network sees it as a stranger and not as the node.
 */
const startMetadata = `${stopMetadata}
set -e
ip netns add imds
ip link add imds0 type veth peer name eth0 netns imds
ip address add 169.254.169.253/32 dev imds0
ip link set imds0 up
ip route replace 169.254.169.254/32 dev imds0 src 169.254.169.253
ip netns exec imds sh -c 'ip link set lo up; ip address add 169.254.169.254/32 dev eth0; ip link set eth0 up; ip route add default dev eth0'
sysctl -qw net.ipv4.conf.imds0.rp_filter=0 net.ipv4.conf.imds0.proxy_arp=1
mkdir -p /run/imds/latest && echo 'iam-credentials-of-the-node' > /run/imds/latest/meta-data
ip netns exec imds setsid python3 -c "${server}" >/run/imds/log 2>&1 </dev/null &
echo $! > /run/imds.pid
for i in 1 2 3 4 5 6 7 8 9 10; do curl -sf -m 1 -o /dev/null http://169.254.169.254/latest/meta-data && exit 0; sleep 0.3; done
exit 1`;

/** Attacks over the network that start in a pod. */
export const networkAttacks: readonly Attack[] = [
  {
    id: 'A37',
    title: "Read the node's cloud credentials from the metadata service",
    source: "Microsoft threat matrix, 'Instance Metadata API'; peirates aws-get-token",
    async run(target) {
      const started = await target.onNode(target.victim, startMetadata);
      if (started.code !== 0) return joined(started);
      // Not busybox' wget: its statically linked resolver crashes even on an address.
      const request = String.raw`printf 'GET /latest/meta-data HTTP/1.0\r\n\r\n' | nc -w 3 169.254.169.254 80`;
      const read = await inPod(target, scenery.shop, 'deploy/frontend', request);
      await target.onNode(target.victim, stopMetadata);
      return read;
    },
    refused: /nc: timed out[\s\S]*exit 1$/,
    succeeds: /iam-credentials-of-the-node/,
    lift: { ...liftDefaultDeny(), opens: /iam-credentials-of-the-node/ },
  },
];
