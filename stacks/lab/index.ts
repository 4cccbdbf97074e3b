import { Config, getStack } from '@pulumi/pulumi';
import { HardenedCluster, LabNodes } from 'bulwark/stacks';

const config = new Config();

// Two stacks are two labs.
const nodes = new LabNodes(getStack(), {
  workers: config.requireNumber('workers'),
  destroyMachines: config.requireBoolean('destroyMachines'),
});
const cluster = new HardenedCluster(getStack(), {
  nodes,
  spec: { profile: config.require('profile') },
  destroyCluster: config.requireBoolean('destroyCluster'),
});

export const { endpoint, kubeconfig, evidence, nodeStates } = cluster;
