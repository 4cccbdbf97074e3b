import { createHash } from 'node:crypto';
import { apiVersion, type UpgradeConfiguration } from '../api/v1beta4';
import { paths } from '../paths';
import type { Generator } from '../plan/planning';
import { canonicalJson } from '../render/json';
import { renderYaml } from '../render/yaml';
import { kubeletConfiguration } from './kubelet-configuration';
import { patches, timeoutsOf } from './shared';

/** What `kubeadm upgrade apply` and `kubeadm upgrade node` read. */
export const upgradeFile: Generator = (planning, node) => {
  const { cluster } = planning;
  // Workers render their kubelet's configuration from the cluster's copy: this line changes in their tree when it does.
  const digest = createHash('sha256')
    .update(canonicalJson(kubeletConfiguration(planning)))
    .digest('hex');
  const document: UpgradeConfiguration = {
    apiVersion,
    kind: 'UpgradeConfiguration',
    apply: { kubernetesVersion: `v${cluster.release.kubernetes}`, imagePullPolicy: 'IfNotPresent', patches },
    node: { imagePullPolicy: 'IfNotPresent', patches },
    timeouts: timeoutsOf(node),
  };
  return [
    {
      path: paths.upgrade,
      content: `${renderYaml([document], ['base'])}# KubeletConfiguration of the cluster: sha256 ${digest}\n`,
      mode: '0600',
      restarts: [],
      origins: ['base'],
    },
  ];
};
