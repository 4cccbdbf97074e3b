import { type Inputs, runtime } from '@pulumi/pulumi';
import { App, Chart } from 'cdk8s';
import { HardenedNamespace } from '../../constructs';
import type { ClusterSpecInput } from '../../lib/spec/cluster-spec';
import { HardenedCluster, InventoryNodes, LabNodes, PlatformManifests, RaspberryPiNodes } from '../../stacks';
import { specInput } from '../support/spec';

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
}
const made: Made[] = [];

beforeAll(async () => {
  await runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      made.push({ type, name, inputs });
      const outputs =
        type === 'bulwark:index:Lab' ? { spec: { nodes: specInput().nodes } } : { endpoint: 'https://cp:6443' };
      return { id: name, state: { ...inputs, ...outputs } };
    },
    call: () => ({}),
  });
});
beforeEach(() => {
  made.length = 0;
});

/** Waits until the engine has been asked for everything. */
const settled = () => new Promise((done) => setTimeout(done, 100));
const only = (type: string) => made.filter((each) => each.type === type);

test('a cluster merges what the program says with what the machines bring', async () => {
  const { nodes, networking } = specInput();
  const cluster = new HardenedCluster('demo', {
    nodes: new InventoryNodes({ nodes, ssh: { user: 'admin' } }),
    spec: { networking, profile: 'strict' },
  });
  await settled();
  const inputs: Inputs = only('bulwark:index:Cluster')[0]?.inputs ?? {};
  expect(inputs.spec).toEqual({
    nodes,
    ssh: { user: 'admin' },
    networking,
    profile: 'strict',
    waivers: [],
  });
  expect(inputs).toMatchObject({ allowWeaker: false, destroyCluster: false });
  // The provider decides them, and keeps them when the resource is renamed.
  expect(inputs).not.toHaveProperty('stateDirectory');
  expect(await new Promise((done) => cluster.endpoint.apply(done))).toBe('https://cp:6443');
});

test('a spec that is not there is named', () => {
  expect(() => new HardenedCluster('lost', { spec: 'nowhere/cluster.yaml' })).toThrow(
    /the spec nowhere\/cluster\.yaml cannot be read: ENOENT/,
  );
});

test('boards say what they are, each its own class or that of all', async () => {
  const { networking } = specInput();
  const [first, ...others] = specInput().nodes;
  if (!first) throw new Error('no node');
  new HardenedCluster('boards', {
    nodes: new RaspberryPiNodes({ boards: [{ ...first, board: 'pi-5' }, ...others], board: 'pi-3' }),
    spec: { networking },
  });
  await settled();
  const spec = only('bulwark:index:Cluster')[0]?.inputs.spec as ClusterSpecInput;
  expect(spec.nodes.map(({ platform }) => platform?.board)).toEqual(['pi-5', 'pi-3', 'pi-3']);
  expect(spec.nodes[0]).not.toHaveProperty('board');
  expect(spec).not.toHaveProperty('gateway');
});

test('a lab is machines that a cluster is made of', async () => {
  new HardenedCluster('demo', { nodes: new LabNodes('play', { workers: 1 }) });
  await settled();
  expect(only('bulwark:index:Lab').map(({ name, inputs }) => ({ name, inputs }))).toEqual([
    { name: 'play', inputs: { workers: 1, destroyMachines: false } },
  ]);
  expect(only('bulwark:index:Cluster')[0]?.inputs.spec).toMatchObject({ nodes: specInput().nodes });
});

test('an app becomes one resource for each object, by the types of the Kubernetes provider', async () => {
  const app = new App();
  const chart = new Chart(app, 'team');
  new HardenedNamespace(chart, 'shop', { name: 'shop', minor: '1.36' });
  new PlatformManifests('platform', { app, kubeconfig: 'apiVersion: v1', clusterIdentifier: 'demo' });
  await settled();
  expect(only('pulumi:providers:kubernetes')[0]?.inputs).toMatchObject({ clusterIdentifier: 'demo' });
  const types = made.map(({ type }) => type).filter((type) => type.startsWith('kubernetes:'));
  expect(types).toContain('kubernetes:core/v1:Namespace');
  expect(only('kubernetes:core/v1:Namespace')[0]?.name).toMatch(/^team\/shop/);
  // The package of the Kubernetes provider is large.
}, 60_000);
