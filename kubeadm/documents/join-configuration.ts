import type { MergedSettings } from '../../lib/settings/merge';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import { apiVersion, type JoinConfiguration } from '../api/v1beta4';
import { paths } from '../paths';
import { type Generator, isFirst, type NodeFile, originsOf } from '../plan/planning';
import { renderYaml } from '../render/yaml';
import { acceptsCgroupV1, apiServerPort, nodeRegistration, patches, timeoutsOf } from './shared';

function joinConfiguration(node: NodeSpec, settings: MergedSettings): JoinConfiguration {
  const localAPIEndpoint = { advertiseAddress: node.address, bindPort: apiServerPort };
  return {
    apiVersion,
    kind: 'JoinConfiguration',
    ...(node.role === 'control-plane' && { controlPlane: { localAPIEndpoint } }),
    discovery: { file: { kubeConfigPath: paths.discovery } },
    nodeRegistration: nodeRegistration(node, settings),
    patches,
    timeouts: timeoutsOf(node),
  };
}

/** What `kubeadm join` reads on every node but the first control plane. */
export const joinFile: Generator = (planning, node): readonly NodeFile[] => {
  if (isFirst(planning, node)) return [];
  const origins = ['base', ...originsOf(acceptsCgroupV1(planning.settings))];
  const content = renderYaml([joinConfiguration(node, planning.settings)], origins);
  return [{ path: paths.join, content, mode: '0600', restarts: [], origins }];
};
