import { runtime } from '@pulumi/pulumi';
import { App } from 'cdk8s';
import { PlatformManifests } from '../../stacks';

jest.mock('@pulumi/kubernetes', () => {
  throw new Error("Cannot find module '@pulumi/kubernetes'");
});

test('without the package of the Kubernetes provider, the error says what to install', async () => {
  await runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
  const make = () => new PlatformManifests('team', { app: new App(), kubeconfig: '', clusterIdentifier: 'demo' });
  expect(make).toThrow('npm install @pulumi/kubernetes');
});
