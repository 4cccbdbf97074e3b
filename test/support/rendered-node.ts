import { randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import type { Bundle, HostPlan } from '../../kubeadm';
import { slot } from '../../kubeadm/render/slot';
import type { TreeFile } from './private-node';

/** The plan of a node, read back from the bundle. */
export function hostPlan(bundle: Bundle, node: string): HostPlan {
  return parse(fileOf(bundle, `nodes/${node}/host.yaml`));
}

/** The text of a file of the bundle. */
export function fileOf(bundle: Bundle, path: string): string {
  const content = bundle.get(path);
  if (content === undefined) throw new Error(`the bundle has no ${path}`);
  return content;
}

/** A node's tree as it stands once the slot of the encryption key is filled; files of a join are left out. */
export function treeOf(bundle: Bundle, node: string): readonly TreeFile[] {
  const key = randomBytes(32).toString('base64');
  return hostPlan(bundle, node)
    .files.filter(({ slots }) => !slots.includes('join-token'))
    .map(({ path, mode }) => ({
      path,
      mode,
      content: fileOf(bundle, `nodes/${node}/files${path}`).replaceAll(slot('encryption-key:secretbox'), key),
    }));
}
