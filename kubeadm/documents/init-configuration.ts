import type { MergedSettings } from '../../lib/settings/merge';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import { apiVersion, type InitConfiguration } from '../api/v1beta4';
import { paths } from '../paths';
import { type Generator, isFirst, type NodeFile, originsOf } from '../plan/planning';
import { renderYaml } from '../render/yaml';
import { clusterConfiguration } from './cluster-configuration';
import { kubeProxyConfiguration } from './kube-proxy-configuration';
import { kubeletConfiguration } from './kubelet-configuration';
import { apiServerPort, nodeRegistration, patches, timeoutsOf } from './shared';

function initConfiguration(node: NodeSpec, settings: MergedSettings): InitConfiguration {
  return {
    apiVersion,
    kind: 'InitConfiguration',
    // kubeadm always makes a token. This one is in a group that nothing is granted to, and is gone after a minute.
    bootstrapTokens: [
      {
        description: 'made by kubeadm init, good for nothing',
        ttl: '1m0s',
        usages: ['authentication'],
        groups: ['system:bootstrappers:bulwark:none'],
      },
    ],
    localAPIEndpoint: { advertiseAddress: node.address, bindPort: apiServerPort },
    nodeRegistration: nodeRegistration(node, settings),
    patches,
    timeouts: timeoutsOf(node),
  };
}

/** The documents that `kubeadm init` reads, in one file on the first control plane. */
export const initFile: Generator = (planning, node): readonly NodeFile[] => {
  if (!isFirst(planning, node)) return [];
  const { cluster, settings } = planning;
  const documents = [
    initConfiguration(node, settings),
    clusterConfiguration(planning),
    kubeletConfiguration(planning),
    ...(cluster.keepsKubeProxy ? [kubeProxyConfiguration(planning)] : []),
  ];
  const origins = originsOf([
    ...settings.of('component-arg'),
    ...settings.of('component-arg-list'),
    ...settings.of('static-pod-mount'),
    ...settings.of('cluster-configuration-field'),
    ...settings.of('kubelet-field'),
    ...(cluster.keepsKubeProxy ? settings.of('kube-proxy-field') : []),
  ]);
  return [{ path: paths.init, content: renderYaml(documents, origins), mode: '0600', restarts: [], origins }];
};
