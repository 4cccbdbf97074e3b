import type { Issue } from '../errors';
import type { Json, Placed, Setting, SettingKind, SettingOf } from './setting';

/** Every setting of a cluster, merged: one entry per thing that is set, with the origins that agree on it. */
export class MergedSettings {
  constructor(readonly all: readonly Placed[]) {}

  /** The settings of one kind, in a stable order. */
  of<K extends SettingKind>(kind: K): readonly Placed<SettingOf<K>>[] {
    return this.all.filter((placed): placed is Placed<SettingOf<K>> => placed.setting.kind === kind);
  }
}

/** What a setting is about; two settings with one identity must agree or merge. */
function identity(setting: Setting): string {
  switch (setting.kind) {
    case 'component-arg':
    case 'component-arg-list':
      // A scalar and a list for one argument collide on purpose.
      return `component-arg ${setting.component} ${setting.name}`;
    case 'static-pod-mount':
      return `static-pod-mount ${setting.component} ${setting.name}`;
    case 'kubelet-field':
    case 'kube-proxy-field':
    case 'cluster-configuration-field':
      return `${setting.kind} ${setting.path}`;
    case 'kubelet-patch':
      return `kubelet-patch ${setting.roles.join(',')} ${setting.pointer}`;
    case 'encrypted-resource':
      return `encrypted-resource ${setting.resource}`;
    case 'anonymous-path':
      return `anonymous-path ${setting.path}`;
    case 'admission-plugin-configuration':
      return `admission-plugin-configuration ${setting.plugin}`;
    case 'audit-rule':
      return `audit-rule ${setting.order} ${JSON.stringify(setting.rule)}`;
    case 'containerd-field':
      return `containerd-field ${setting.path.join('.')}`;
    case 'sysctl':
    case 'kernel-module':
      return `${setting.kind} ${setting.name}`;
    case 'file-mode':
    case 'absent-file':
    case 'board-file':
    case 'directory':
      return `${setting.kind} ${setting.path}`;
    case 'system-user':
      return `system-user ${setting.name}`;
    case 'unit-option':
      return `unit-option ${setting.unit} ${setting.name} ${setting.value}`;
    case 'firewall-rule':
      return `firewall-rule ${setting.protocol ?? 'tcp'} ${[setting.port].flat().join('-')} ${setting.roles.join(',')}`;
    case 'connection-limit':
      return `connection-limit ${setting.port} ${setting.roles.join(',')}`;
    case 'absent-object':
      return `absent-object ${setting.apiVersion} ${setting.objectKind} ${setting.namespace ?? ''} ${setting.name}`;
    case 'platform-feature':
      return `platform-feature ${setting.feature} ${'rule' in setting ? setting.rule.name : ''}`.trim();
    case 'kernel-argument':
      return `kernel-argument ${setting.argument}`;
    case 'disk-limit':
      return 'disk-limit';
    case 'node-service':
      return `node-service ${setting.service}`;
  }
}

const union = <T>(a: readonly T[], b: readonly T[]): readonly T[] => [
  ...a,
  ...b.filter((member) => !a.includes(member)),
];

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Both settings as one, or undefined where they contradict each other. */
function combine(a: Setting, b: Setting): Setting | undefined {
  if (a.kind === 'component-arg-list' && b.kind === 'component-arg-list') {
    return { ...a, members: union(a.members, b.members) };
  }
  if (a.kind === 'kubelet-field' && b.kind === 'kubelet-field' && isArray(a.value) && isArray(b.value)) {
    return { ...a, value: union(a.value, b.value) };
  }
  if (a.kind === 'firewall-rule' && b.kind === 'firewall-rule') {
    return { ...a, sources: union(a.sources, b.sources) };
  }
  if (a.kind === 'node-service' && b.kind === 'node-service') {
    return { ...a, roles: union(a.roles, b.roles) };
  }
  return JSON.stringify(a) === JSON.stringify(b) ? a : undefined;
}

/** The value of a setting as an error prints it. */
function valueText(setting: Setting): string {
  const { kind, ...rest } = setting;
  return 'value' in rest ? JSON.stringify(rest.value) : JSON.stringify(rest);
}

/**
 * Merges settings in the order given. Lists merge and never drop a member; two values for one scalar become an issue
 * that names both origins.
 */
export function mergeSettings(placed: readonly Placed[]): { settings: MergedSettings; issues: readonly Issue[] } {
  const merged = new Map<string, Placed>();
  const issues: Issue[] = [];
  for (const next of placed) {
    const key = identity(next.setting);
    const known = merged.get(key);
    if (!known) {
      merged.set(key, next);
      continue;
    }
    const both = combine(known.setting, next.setting);
    if (both) {
      merged.set(key, { setting: both, origins: union(known.origins, next.origins) });
    } else {
      issues.push({
        code: 'SETTING_CONFLICT',
        path: key,
        message: `${known.origins.join(', ')} and ${next.origins.join(', ')} set different values`,
        got: `${valueText(known.setting)} and ${valueText(next.setting)}`,
        fix: 'waive one of the controls, or change the value in the spec',
      });
    }
  }
  return { settings: new MergedSettings([...merged.values()]), issues };
}
