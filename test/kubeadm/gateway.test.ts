import { paths } from '../../kubeadm';
import { goldenBundle } from '../support/golden-bundles';
import { describeWith, notRun } from '../support/judges';
import { mayMakeNodes, type PrivateNode, startPrivateNode } from '../support/private-node';
import { fileOf, treeOf } from '../support/rendered-node';

jest.setTimeout(90_000);

const bundle = goldenBundle('boards');
const outside = '198.51.100.2';
const inside = '192.0.2.1';

/** Who lives where. The gateway's network around it is `house`; `internet` is behind it. */
const hosts = {
  house: { operator: '198.51.100.7', client: '198.51.100.99', neighbour: '198.51.100.50', internet: '203.0.113.9' },
  cluster: { node: '192.0.2.21', control: '192.0.2.11', intruder: '192.0.2.99', pod: '10.244.1.5' },
};

interface Attempt {
  readonly from: 'house' | 'cluster';
  readonly as: string;
  readonly to: string;
  readonly port: number;
}
const attempt = (from: Attempt['from'], as: string, to: string, port: number): Attempt => ({ from, as, to, port });
const { operator, client, neighbour, internet } = hosts.house;
const { node, control, intruder, pod } = hosts.cluster;

/** What has to go through with the filter. */
const open: readonly Attempt[] = [
  attempt('house', operator, outside, 22),
  attempt('cluster', node, internet, 443),
  attempt('cluster', control, internet, 80),
];
/** What leads to nodes, and is there only with the filter. */
const published: readonly Attempt[] = [
  attempt('house', client, outside, 6443),
  attempt('house', internet, outside, 443),
];
/** What must not go through with the filter, and does without. */
const closed: readonly Attempt[] = [
  attempt('house', neighbour, outside, 22),
  attempt('house', operator, outside, 8080),
  attempt('house', operator, control, 22),
  attempt('house', client, control, 6443),
  attempt('house', internet, node, 10250),
  attempt('cluster', node, neighbour, 443),
  attempt('cluster', node, internet, 22),
  attempt('cluster', intruder, internet, 443),
  attempt('cluster', pod, internet, 443),
  attempt('cluster', node, inside, 22),
];
/** Published to others only. */
const refused = [attempt('house', neighbour, outside, 6443)];

/** Answers with the address that it sees. */
const listen = (ports: readonly number[]) =>
  `for (const port of ${JSON.stringify(ports)}) require('node:net').createServer((s) => s.end(s.remoteAddress)).listen(port, '0.0.0.0');`;

const connect = (attempts: readonly Attempt[]) => `
const net = require('node:net');
const go = ({ as, to, port }) => new Promise((done) => {
  let text = '';
  const socket = net.connect({ host: to, port, localAddress: as, timeout: 2000 });
  const end = (result) => { socket.destroy(); done(result); };
  socket.on('data', (data) => { text += data; }).on('end', () => end('seen as ' + text));
  socket.on('timeout', () => end('timeout')).on('error', (error) => end(error.code));
});
Promise.all(${JSON.stringify(attempts)}.map(go)).then((results) => process.stdout.write(JSON.stringify(results)));
`;

/** A gateway between two networks, each a namespace on a cable. */
function addNetworks(gateway: PrivateNode): void {
  const wire = (name: keyof typeof hosts, cable: string, own: string, via: string) => [
    `netns add ${name}`,
    `link add ${cable} type veth peer name plug netns ${name}`,
    `address add ${own} dev ${cable}`,
    `link set ${cable} up`,
    `-n ${name} link set plug up`,
    `-n ${name} link set lo up`,
    ...Object.values(hosts[name]).map((address) => `-n ${name} address add ${address}/32 dev plug`),
    `-n ${name} route add ${via} dev plug`,
    `-n ${name} route add default via ${via}`,
  ];
  const commands = [
    ...wire('house', 'eth0', `${outside}/24`, outside),
    ...wire('cluster', 'eth1', `${inside}/24`, inside),
    `route add ${internet} dev eth0`,
    `route add ${pod} dev eth1`,
  ];
  for (const command of commands) gateway.run('ip', command.split(' '));
}

const title = 'a gateway between two networks';
if (mayMakeNodes) {
  describeWith(title, ['nft', 'ip', 'sysctl'], ({ nft, sysctl }) => {
    let gateway: PrivateNode;
    const within = (name: string, script: string) => ['netns', 'exec', name, process.execPath, '-e', script];
    const results = (attempts: readonly Attempt[]): string[] => {
      const found = new Map<Attempt, string>();
      for (const from of ['house', 'cluster'] as const) {
        const own = attempts.filter((each) => each.from === from);
        const answers = JSON.parse(gateway.run('ip', within(from, connect(own)))) as string[];
        own.forEach((each, index) => {
          found.set(each, answers[index] ?? '');
        });
      }
      return attempts.map((each) => `${each.as} to ${each.to}:${each.port}: ${found.get(each)}`);
    };
    const through = (attempts: readonly Attempt[], seenAs = (each: Attempt) => each.as) =>
      attempts.map((each) => `${each.as} to ${each.to}:${each.port}: seen as ${seenAs(each)}`);

    beforeAll(async () => {
      gateway = await startPrivateNode(treeOf(bundle, 'gateway'), '203.0.113.250');
      addNetworks(gateway);
      gateway.run(sysctl, ['-q', '-p', '/etc/sysctl.d/99-zz-bulwark.conf']);
      gateway.start('ip', within('house', listen([22, 80, 443])));
      gateway.start('ip', within('cluster', listen([22, 6443, 10250, 30443])));
      gateway.start(process.execPath, ['-e', listen([22, 8080])]);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    });
    afterAll(() => gateway?.stop());

    test('without its rules everything goes through that it knows a way for, and nothing is published', () => {
      expect(results([...open, ...closed])).toEqual(through([...open, ...closed]));
      for (const line of results([...published, ...refused])) expect(line).toMatch(/ECONNREFUSED$/);
    });

    test('with them only what is published, the way in for operators, and what nodes fetch', () => {
      gateway.run(nft, ['-f', paths.firewall]);
      // Nodes hide behind the gateway; who comes in keeps the address that the nodes' own filters know.
      const hidden = (each: Attempt) => (each.from === 'cluster' ? outside : each.as);
      expect(results(open)).toEqual(through(open, hidden));
      expect(results(published)).toEqual(through(published));
      expect(results([...closed, ...refused])).toEqual(
        [...closed, ...refused].map((each) => `${each.as} to ${each.to}:${each.port}: timeout`),
      );
    });
  });

  describeWith('the leases of a gateway', ['dnsmasq'], ({ dnsmasq }) => {
    test('are a configuration that dnsmasq takes, and a damaged one is refused', async () => {
      const gateway = await startPrivateNode(treeOf(bundle, 'gateway'), '203.0.113.251');
      const file = '/etc/dnsmasq.d/bulwark.conf';
      try {
        gateway.run(dnsmasq, ['--test', `--conf-file=${file}`]);
        gateway.write(file, gateway.read(file).replace('dc:a6:32', 'xx:a6:32'));
        expect(() => gateway.run(dnsmasq, ['--test', `--conf-file=${file}`])).toThrow(/bad/);
      } finally {
        gateway.stop();
      }
    });
  });

  describeWith('the jump host of a gateway', ['sshd'], ({ sshd }) => {
    test('is a configuration that sshd takes: to the SSH ports of the nodes, and to nothing else', async () => {
      const gateway = await startPrivateNode(treeOf(bundle, 'gateway'), '203.0.113.252');
      try {
        gateway.run('mkdir', ['-p', '/run/sshd']);
        const accounts = gateway.read('/etc/passwd');
        if (!/^sshd:/m.test(accounts))
          gateway.write('/etc/passwd', `${accounts}sshd:x:999:65534::/run/sshd:/usr/sbin/nologin\n`);
        gateway.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', '/run/key']);
        const shown = gateway.run(sshd, ['-T', '-h', '/run/key', '-f', '/etc/ssh/sshd_config.d/10-bulwark.conf']);
        expect(shown).toMatch(/^permitopen 192\.0\.2\.11:22 192\.0\.2\.21:22 192\.0\.2\.22:22$/m);
        expect(shown).toMatch(/^passwordauthentication no$/m);
      } finally {
        gateway.stop();
      }
    });
  });
} else {
  notRun(title, 'namespaces need root');
}

test('only machines of the spec get a lease, and always the same one', () => {
  const text = fileOf(bundle, 'nodes/gateway/files/etc/dnsmasq.d/bulwark.conf');
  expect([...text.matchAll(/^dhcp-host=(.*)$/gm)].map(([, host]) => host)).toEqual([
    'dc:a6:32:00:00:11,192.0.2.11,cp-1,24h',
    'dc:a6:32:00:00:21,192.0.2.21,worker-1,24h',
    'dc:a6:32:00:00:22,192.0.2.22,worker-2,24h',
  ]);
  expect(text).toMatch(/^dhcp-range=192\.0\.2\.1,static,255\.255\.255\.0,24h$/m);
});

test('nodes are reached through the gateway, whose key is pinned, and the gateway itself directly', () => {
  const inventory = fileOf(bundle, 'inventory.yaml');
  expect(inventory.match(/ProxyCommand=/g)).toHaveLength(3);
  expect(inventory).toContain(`-W [%h]:%p '\\''ops@${outside}'\\''`);
  expect(fileOf(bundle, 'known_hosts')).toContain(`${outside} ssh-ed25519 `);
});
