import { HardeningError } from '../../lib/errors';
import type { Resolution } from '../../lib/resolve';
import { type MergedSettings, mergeSettings } from '../../lib/settings/merge';
import type { Placed } from '../../lib/settings/setting';
import { baseSettings } from './base-settings';
import { documentSettings } from './document-settings';
import { extraArguments } from './extra-arguments';
import { specSettings } from './spec-settings';

function merge(placed: readonly Placed[]): MergedSettings {
  const { settings, issues } = mergeSettings(placed);
  if (issues.length > 0) throw new HardeningError('spec', issues);
  return settings;
}

/**
 * Members that kubeadm gives to list arguments by default. An argument of ours replaces kubeadm's argument of the same
 * name, so whoever sets one of these must repeat them.
 */
const kubeadmLists: readonly Placed[] = [
  { component: 'kube-apiserver', name: 'enable-admission-plugins', members: ['NodeRestriction'] },
  { component: 'kube-apiserver', name: 'authorization-mode', members: ['Node', 'RBAC'] },
  { component: 'kube-controller-manager', name: 'controllers', members: ['*', 'bootstrapsigner', 'tokencleaner'] },
  { component: 'etcd', name: 'feature-gates', members: ['InitialCorruptCheck=true'] },
].map(({ component, name, members }) => ({
  setting: { kind: 'component-arg-list', component, name, members } as Placed['setting'],
  origins: ['base'],
}));

/**
 * Every setting of the cluster: those of the controls, what every kubeadm cluster needs, what the spec says directly,
 * and the arguments that point at our documents.
 *
 * @throws HardeningError where two of them contradict each other, or where the spec sets an argument that it may not
 */
export function allSettings({ cluster, settings }: Resolution): MergedSettings {
  const base = baseSettings(cluster).map((setting) => ({ setting, origins: ['base'] }));
  const known = merge([...base, ...settings.all, ...specSettings(cluster), ...documentSettings(cluster, settings)]);
  const wanted = [...known.all, ...extraArguments(cluster.spec, known)];
  const lists = kubeadmLists.filter(({ setting }) =>
    wanted.some(
      (other) =>
        other.setting.kind === 'component-arg-list' &&
        setting.kind === 'component-arg-list' &&
        other.setting.component === setting.component &&
        other.setting.name === setting.name,
    ),
  );
  return merge([...lists, ...wanted]);
}
