import { paths } from '../../kubeadm';
import { goldenBundle } from '../support/golden-bundles';
import { describeWith, notRun } from '../support/judges';
import { mayMakeNodes, type PrivateNode, startPrivateNode } from '../support/private-node';
import { fileOf, treeOf } from '../support/rendered-node';

jest.setTimeout(60_000);

const address = '192.0.2.11';
const operator = '198.51.100.7';
const apiClient = '198.51.100.99';
const worker = '192.0.2.21';
const pod = '10.244.1.5';
const stranger = '203.0.113.9';
const clients = [operator, apiClient, worker, pod, stranger];
const ports = [22, 6443, 2379, 2380, 10250, 8080];

/** Which clients reach each port of the control plane. 8080 stands for the ports that no control names. */
const expected: Readonly<Record<number, readonly string[]>> = {
  22: [operator],
  6443: [operator, apiClient, worker, pod],
  2379: [],
  2380: [],
  10250: [],
  8080: clients,
};

/** UDP ports of the pod network, which answer other nodes only. */
const tunnels = [8472, 51871];

const listen = `for (const port of ${JSON.stringify(ports)}) require('node:net').createServer((s) => s.end()).listen(port, '0.0.0.0');
for (const port of ${JSON.stringify(tunnels)}) {
  const echo = require('node:dgram').createSocket('udp4');
  echo.on('message', (text, from) => echo.send(text, from.port, from.address)).bind(port, '0.0.0.0');
}`;

/** Connects from every client to every port at once and prints who got through. */
const connect = `
const net = require('node:net');
const attempt = (client, port) => new Promise((done) => {
  const socket = net.connect({ host: '${address}', port, localAddress: client, timeout: 2500 });
  const end = (result) => { socket.destroy(); done({ client, port, result }); };
  socket.on('connect', () => end('open')).on('timeout', () => end('timeout')).on('error', (error) => end(error.code));
});
const ask = (client, port) => new Promise((done) => {
  const socket = require('node:dgram').createSocket('udp4');
  const end = (result) => { clearTimeout(patience); socket.close(); done({ client, port, result }); };
  const patience = setTimeout(end, 2500, 'timeout');
  socket.on('message', () => end('open')).bind(0, client, () => socket.send('?', port, '${address}'));
});
const all = ${JSON.stringify(clients)}.flatMap((client) => ${JSON.stringify(ports)}.map((port) => attempt(client, port)).concat(${JSON.stringify(tunnels)}.map((port) => ask(client, port))));
Promise.all(all).then((results) => process.stdout.write(JSON.stringify(results)));
`;

/** A second network namespace on a cable to the node, with the addresses of all clients. */
function addClients(node: PrivateNode): void {
  const commands = [
    'netns add clients',
    'link add cable type veth peer name plug netns clients',
    'link set cable up',
    '-n clients link set plug up',
    `-n clients route add ${address} dev plug`,
    ...clients.flatMap((client) => [`-n clients address add ${client}/32 dev plug`, `route add ${client} dev cable`]),
  ];
  for (const command of commands) node.run('ip', command.split(' '));
}

const title = 'connections through the rendered packet filter';
if (mayMakeNodes) {
  describeWith(title, ['nft', 'ip'], ({ nft }) => {
    let node: PrivateNode;
    const reached = (): Record<number, string[]> => {
      const text = node.run('ip', ['netns', 'exec', 'clients', process.execPath, '-e', connect]);
      const results: { client: string; port: number; result: string }[] = JSON.parse(text);
      const open = results.filter(({ result }) => result === 'open');
      return Object.fromEntries(
        [...ports, ...tunnels].map((port) => [
          port,
          open.filter((each) => each.port === port).map(({ client }) => client),
        ]),
      );
    };
    beforeAll(async () => {
      node = await startPrivateNode(treeOf(goldenBundle('lab'), 'cp-1'), address);
      addClients(node);
      node.start(process.execPath, ['-e', listen]);
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    afterAll(() => node?.stop());

    test('without it everybody reaches every port', () => {
      expect(reached()).toEqual(Object.fromEntries([...ports, ...tunnels].map((port) => [port, clients])));
    });

    test('with it each port answers its own clients only', () => {
      node.run(nft, ['-f', paths.firewall]);
      expect(reached()).toEqual({ ...expected, ...Object.fromEntries(tunnels.map((port) => [port, [worker]])) });
    });

    test('when the service stops, only its own table goes', () => {
      node.run(nft, ['delete', 'table', 'inet', 'bulwark']);
      expect(reached()[6443]).toEqual(clients);
    });
  });
} else {
  notRun(title, 'namespaces need root');
}

test('the expectation covers every port that the rendered filter names', () => {
  const text = fileOf(goldenBundle('lab'), `nodes/cp-1/files${paths.firewall}`);
  const named = (protocol: string) =>
    [...text.matchAll(new RegExp(`${protocol} dport (\\d+)(?:-(\\d+))? ip`, 'g'))].flatMap(([, first, last]) =>
      [first, last ?? first].map(Number),
    );
  expect(named('tcp').every((port) => port in expected)).toBe(true);
  expect([...new Set(named('udp'))]).toEqual(tunnels);
});
