import { Config, getStack } from '@pulumi/pulumi';
import { HardenedNamespace } from 'bulwark/constructs';
import { HardenedCluster, InventoryNodes, PlatformManifests } from 'bulwark/stacks';
import { App, Chart } from 'cdk8s';

const config = new Config();
// One stack is one cluster, and gives it its name.
const name = getStack();

const cluster = new HardenedCluster(name, {
  nodes: new InventoryNodes({ nodes: config.requireObject('nodes'), ssh: { user: config.require('sshUser') } }),
  spec: {
    profile: config.require<'internet-facing' | 'multi-team' | 'strict'>('profile'),
    networking: {
      allowedApiCidrs: config.requireObject('allowedApiCidrs'),
      operatorCidrs: config.requireObject('operatorCidrs'),
    },
  },
  destroyCluster: config.requireBoolean('destroyCluster'),
});

// What runs on the cluster, as cdk8s constructs: each object becomes a resource of this stack.
const app = new App();
new HardenedNamespace(new Chart(app, 'team'), 'shop', { name: 'shop', minor: '1.36' });
new PlatformManifests('team', { app, kubeconfig: cluster.kubeconfig, clusterIdentifier: name });

export const { endpoint, kubeconfig, evidence, nodeStates } = cluster;
