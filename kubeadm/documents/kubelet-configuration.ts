import { paths } from '../paths';
import type { Generator, NodeFile, Planning } from '../plan/planning';
import { forRole, originsOf } from '../plan/planning';
import { type Tree, treeOf } from '../render/fields';
import { canonicalJson } from '../render/json';

/** One KubeletConfiguration serves every node; what differs by role is a patch. */
export function kubeletConfiguration({ settings }: Planning): Tree {
  return treeOf(
    { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' },
    settings.of('kubelet-field'),
  );
}

/** JSON patches that kubeadm applies to the kubelet's configuration on the node, at init, join and every upgrade. */
export const kubeletPatchFile: Generator = ({ settings }, node): readonly NodeFile[] => {
  const placed = forRole(settings.of('kubelet-patch'), node.role);
  if (placed.length === 0) return [];
  const operations = placed.map(({ setting: { op, pointer, value } }) => ({ op, path: pointer, value }));
  return [
    {
      path: `${paths.patches}/kubeletconfiguration0+json.json`,
      content: canonicalJson(operations),
      mode: '0600',
      restarts: [],
      origins: originsOf(placed),
    },
  ];
};
