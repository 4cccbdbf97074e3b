import { HardeningError } from '../../lib/errors';
import type { Json, Placed, Setting } from '../../lib/settings/setting';

/** Plain data under construction. */
export type Tree = { [key: string]: Json | Tree };

/** A setting that addresses one field by a path. */
type FieldSetting = Extract<Setting, { readonly path: string | readonly string[]; readonly value: Json }>;

const isTree = (value: Json | Tree | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function setField(tree: Tree, path: readonly string[], { setting, origins }: Placed<FieldSetting>): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    tree[head] = setting.value;
    return;
  }
  const child = tree[head] ?? {};
  if (!isTree(child)) {
    throw new HardeningError('spec', [
      {
        code: 'SETTING_CONFLICT',
        path: `${setting.kind} ${[setting.path].flat().join('.')}`,
        message: `${origins.join(', ')} set a field below one that has a plain value`,
        got: JSON.stringify(child),
        fix: 'change one of the two settings',
      },
    ]);
  }
  tree[head] = child;
  setField(child, rest, { setting, origins });
}

/**
 * A tree from settings that address fields by path, on top of `defaults`. Written in path order, in which an object as a
 * whole comes before a field inside it, so that both combine whatever order they were declared in.
 *
 * @throws HardeningError of kind `spec` where one setting needs an object and another gave a scalar
 */
export function treeOf(defaults: Tree, settings: readonly Placed<FieldSetting>[]): Tree {
  const tree = structuredClone(defaults);
  const addressed = settings.map((placed) => ({
    placed,
    path: typeof placed.setting.path === 'string' ? placed.setting.path.split('.') : placed.setting.path,
  }));
  addressed.sort((a, b) => (a.path.join('.') < b.path.join('.') ? -1 : 1));
  for (const { placed, path } of addressed)
    setField(tree, path, { ...placed, setting: structuredClone(placed.setting) });
  return tree;
}
