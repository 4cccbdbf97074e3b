import { type ClusterSpecInput, clusterSpecSchema } from '../../../../lib/spec/cluster-spec';
import { gateway } from '../../../../lib/spec/rules/gateway';
import { hostKeys, specInput } from '../../../support/spec';

const host: NonNullable<ClusterSpecInput['gateway']> = {
  hostKey: hostKeys[0],
  outside: { interface: 'eth0', address: '198.51.100.2/24' },
  inside: { interface: 'eth1', address: '192.0.2.1/24' },
};
const nodes = specInput().nodes.map((node, index) => ({ ...node, macAddress: `dc:a6:32:00:00:0${index}` }));

const judge = (changes: Partial<ClusterSpecInput>) =>
  gateway(clusterSpecSchema.parse(specInput({ nodes, gateway: host, ...changes })), {
    today: '2026-01-01',
    controlIds: [],
  }).map(({ code, path }) => `${code} ${path.join('.')}`);

/** The nodes with something else about the first. */
const first = (change: object) => nodes.map((node, index) => (index === 0 ? { ...node, ...change } : node));

test('nodes with leases in the network inside are well, and so is a cluster without a gateway', () => {
  expect(judge({})).toEqual([]);
  expect(judge({ gateway: undefined, nodes: specInput().nodes })).toEqual([]);
});

test.each<[string, Partial<ClusterSpecInput>, string]>([
  ['a node elsewhere', { nodes: first({ address: '203.0.113.5' }) }, 'SPEC_GATEWAY_NODE nodes.0.address'],
  ['a node with its address', { nodes: first({ address: '192.0.2.1' }) }, 'SPEC_GATEWAY_NODE nodes.0.address'],
  ['a node without a lease', { nodes: first({ macAddress: undefined }) }, 'SPEC_GATEWAY_LEASE nodes.0.macAddress'],
  ['one lease twice', { nodes: first({ macAddress: 'dc:a6:32:00:00:01' }) }, 'SPEC_GATEWAY_LEASE nodes.1.macAddress'],
  ['its name on a node', { gateway: { ...host, name: 'cp-1' } }, 'SPEC_GATEWAY_NAME gateway.name'],
  [
    'networks that overlap',
    { gateway: { ...host, outside: { interface: 'eth0', address: '192.0.2.200/16' } } },
    'SPEC_GATEWAY_NETWORKS gateway.inside.address',
  ],
  [
    'one interface for both',
    { gateway: { ...host, inside: { ...host.inside, interface: 'eth0' } } },
    'SPEC_GATEWAY_INTERFACE gateway.inside.interface',
  ],
  [
    'another jump host',
    { ssh: { jump: { address: 'jump.example', hostKey: hostKeys[0] } } },
    'SPEC_GATEWAY_JUMP ssh.jump',
  ],
  [
    'a port that leads nowhere',
    { gateway: { ...host, publish: [{ port: 80, node: 'nobody', nodePort: 80, sources: ['0.0.0.0/0'] }] } },
    'SPEC_GATEWAY_PUBLISH gateway.publish.0.node',
  ],
  [
    'the port of the API server',
    { gateway: { ...host, publish: [{ port: 6443, node: 'cp-1', nodePort: 80, sources: ['0.0.0.0/0'] }] } },
    'SPEC_GATEWAY_PUBLISH gateway.publish.0.port',
  ],
])('%s is refused', (_what, changes, expected) => {
  expect(judge(changes)).toEqual([expected]);
});

test.each(['eth0" accept', 'a/b', 'an-interface-too-long'])('%s is no interface', (name) => {
  const gateway = { ...host, outside: { ...host.outside, interface: name } };
  expect(clusterSpecSchema.safeParse(specInput({ nodes, gateway })).success).toBe(false);
});
