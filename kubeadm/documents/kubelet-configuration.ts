import { boardOf } from '../../lib/boards';
import type { Json } from '../../lib/settings/setting';
import type { NodeSpec } from '../../lib/spec/cluster-spec';
import { paths } from '../paths';
import type { Generator, NodeFile, Planning } from '../plan/planning';
import { forRole, originsOf } from '../plan/planning';
import { type Tree, treeOf } from '../render/fields';
import { canonicalJson } from '../render/json';

interface JsonPatch {
  readonly op: 'remove' | 'replace' | 'add';
  readonly path: string;
  readonly value?: Json;
}

/** One KubeletConfiguration serves every node; what differs by role is a patch. */
export function kubeletConfiguration({ settings }: Planning): Tree {
  return treeOf(
    { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' },
    settings.of('kubelet-field'),
  );
}

/** What a board keeps from its pods: without it a full node starves the kubelet first. */
function reserves(node: NodeSpec): readonly JsonPatch[] {
  const board = boardOf(node);
  if (!board) return [];
  return [
    { op: 'add', path: '/kubeReserved', value: board.reserved.kube },
    { op: 'add', path: '/systemReserved', value: board.reserved.system },
  ];
}

/** JSON patches that kubeadm applies to the kubelet's configuration on the node, at init, join and every upgrade. */
export const kubeletPatchFile: Generator = ({ settings }, node): readonly NodeFile[] => {
  const placed = forRole(settings.of('kubelet-patch'), node.role);
  const own = reserves(node);
  const operations: readonly JsonPatch[] = [
    ...placed.map(({ setting: { op, pointer, value } }) => ({ op, path: pointer, value })),
    ...own,
  ];
  if (operations.length === 0) return [];
  return [
    {
      path: `${paths.patches}/kubeletconfiguration0+json.json`,
      content: canonicalJson(operations),
      mode: '0600',
      restarts: [],
      origins: [...originsOf(placed), ...(own.length > 0 ? ['spec:nodes'] : [])],
    },
  ];
};
