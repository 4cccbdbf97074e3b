import type { Outcome, Target } from './attack';

/** A server that a node reaches and that is neither a node nor a pod: a network namespace of a machine, with an address. */
export interface Stranger {
  /** Short: interfaces and files are called by it. */
  readonly name: string;
  readonly address: string;
  /** The machine's own end of the link: an address beside it. */
  readonly near: string;
  /** Python program that serves. */
  readonly program: string;
  /** Shell command that succeeds once it answers. */
  readonly answers: string;
}

const stop = ({ name }: Stranger): string => `[ -e /run/${name}.pid ] && kill "$(cat /run/${name}.pid)"
ip link delete ${name}0 2>/dev/null; ip netns delete ${name} 2>/dev/null; rm -rf /run/${name} /run/${name}.pid`;

const start = (stranger: Stranger): string => {
  const { name, address, near, program, answers } = stranger;
  return `${stop(stranger)}
set -e
ip netns add ${name}
ip link add ${name}0 type veth peer name eth0 netns ${name}
ip address add ${near}/32 dev ${name}0
ip link set ${name}0 up
ip route replace ${address}/32 dev ${name}0 src ${near}
ip netns exec ${name} sh -c 'ip link set lo up; ip address add ${address}/32 dev eth0; ip link set eth0 up; ip route add default dev eth0'
sysctl -qw net.ipv4.conf.${name}0.rp_filter=0 net.ipv4.conf.${name}0.proxy_arp=1
mkdir -p /run/${name}
ip netns exec ${name} setsid python3 -c "${program}" >/run/${name}/log 2>&1 </dev/null &
echo $! > /run/${name}.pid
for i in 1 2 3 4 5 6 7 8 9 10; do ${answers} && exit 0; sleep 0.3; done
exit 1`;
};

export const startStranger = (target: Target, stranger: Stranger): Promise<Outcome> =>
  target.onNode(target.victim, start(stranger));

export const stopStranger = (target: Target, stranger: Stranger): Promise<Outcome> =>
  target.onNode(target.victim, stop(stranger));

const credentials = 'iam-credentials-of-the-node';

/** Stands in for a cloud's metadata service. (http.server's own main program waits long where no resolver answers.) */
export const metadataService: Stranger = {
  name: 'imds',
  address: '169.254.169.254',
  near: '169.254.169.253',
  program: `import functools as f, http.server as h, os, socketserver as s
os.makedirs('/run/imds/latest', exist_ok=True)
open('/run/imds/latest/meta-data', 'w').write('${credentials}\\n')
s.TCPServer(('169.254.169.254', 80), f.partial(h.SimpleHTTPRequestHandler, directory='/run/imds')).serve_forever()`,
  answers: 'curl -sf -m 1 -o /dev/null http://169.254.169.254/latest/meta-data',
};

/** Shell command that reads it. Not by busybox' wget: its statically linked resolver crashes even on an address. */
export const readMetadata = String.raw`printf 'GET /latest/meta-data HTTP/1.0\r\n\r\n' | nc -w 3 169.254.169.254 80`;

export const metadataIsRead = new RegExp(credentials);

/** A resolver outside of the cluster that answers every question with 192.0.2.1. */
export const foreignResolver: Stranger = {
  name: 'dns',
  address: '192.0.2.53',
  near: '192.0.2.54',
  program: `import socket as s
u = s.socket(s.AF_INET, s.SOCK_DGRAM)
u.bind(('192.0.2.53', 53))
while True:
    q, a = u.recvfrom(512)
    u.sendto(q[:2] + bytes([129, 128]) + q[4:6] * 2 + bytes(4) + q[12:] + bytes([192, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1]), a)`,
  answers: `python3 -c "import socket as s; u = s.socket(s.AF_INET, s.SOCK_DGRAM); u.settimeout(1); u.sendto(bytes(12), ('192.0.2.53', 53)); u.recv(512)" 2>/dev/null`,
};
