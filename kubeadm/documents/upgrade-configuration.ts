import { apiVersion, type UpgradeConfiguration } from '../api/v1beta4';
import { paths } from '../paths';
import type { Generator } from '../plan/planning';
import { renderYaml } from '../render/yaml';
import { patches, timeoutsOf } from './shared';

/** What `kubeadm upgrade apply` and `kubeadm upgrade node` read. */
export const upgradeFile: Generator = ({ cluster }, node) => {
  const document: UpgradeConfiguration = {
    apiVersion,
    kind: 'UpgradeConfiguration',
    apply: { kubernetesVersion: `v${cluster.release.kubernetes}`, imagePullPolicy: 'IfNotPresent', patches },
    node: { imagePullPolicy: 'IfNotPresent', patches },
    timeouts: timeoutsOf(node),
  };
  return [
    { path: paths.upgrade, content: renderYaml([document], ['base']), mode: '0600', restarts: [], origins: ['base'] },
  ];
};
