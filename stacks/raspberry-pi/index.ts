import { Config, getStack } from '@pulumi/pulumi';
import { HardenedCluster, RaspberryPiNodes } from 'bulwark/stacks';

const config = new Config();

// One stack is one cluster, and gives it its name.
const cluster = new HardenedCluster(getStack(), {
  nodes: new RaspberryPiNodes({
    boards: config.requireObject('boards'),
    board: config.require<'pi-3' | 'pi-4' | 'pi-5'>('board'),
    gateway: config.requireObject('gateway'),
    ssh: { user: config.require('sshUser') },
  }),
  spec: {
    profile: config.require<'internet-facing' | 'multi-team' | 'strict'>('profile'),
    networking: {
      allowedApiCidrs: config.requireObject('allowedApiCidrs'),
      operatorCidrs: config.requireObject('operatorCidrs'),
    },
  },
  destroyCluster: config.requireBoolean('destroyCluster'),
});

export const { endpoint, kubeconfig, evidence, nodeStates } = cluster;
