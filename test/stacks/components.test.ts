import { type Inputs, runtime } from '@pulumi/pulumi';
import { App, Chart } from 'cdk8s';
import { HardenedNamespace } from '../../constructs';
import { HardenedCluster, InventoryNodes, LabNodes, PlatformManifests } from '../../stacks';
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
    name: 'demo',
    nodes,
    ssh: { user: 'admin' },
    networking,
    profile: 'strict',
    waivers: [],
  });
  expect(inputs).toMatchObject({ stateDirectory: '.bulwark/demo', allowWeaker: false, destroyCluster: false });
  expect(await new Promise((done) => cluster.endpoint.apply(done))).toBe('https://cp:6443');
});

test('a lab is machines that a cluster is made of', async () => {
  new HardenedCluster('demo', { nodes: new LabNodes('play', { workers: 1 }) });
  await settled();
  expect(only('bulwark:index:Lab').map(({ name, inputs }) => ({ name, inputs }))).toEqual([
    { name: 'play', inputs: { name: 'play', workers: 1, destroyMachines: false, stateDirectory: '.bulwark/play' } },
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
});
