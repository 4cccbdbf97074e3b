import type { Setting } from '../../lib/settings/setting';

/** A setting on one line, as the thing that it renders is usually written. */
export function settingText(setting: Setting): string {
  switch (setting.kind) {
    case 'component-arg':
      return `${setting.component} --${setting.name}=${setting.value}`;
    case 'component-arg-list':
      return `${setting.component} --${setting.name} lists ${setting.members.join(', ')}`;
    case 'kubelet-field':
      return `KubeletConfiguration ${setting.path}: ${value(setting.value)}`;
    case 'kube-proxy-field':
      return `KubeProxyConfiguration ${setting.path}: ${value(setting.value)}`;
    case 'file-mode':
    case 'directory':
      return `${setting.path}: mode ${setting.mode}, ${setting.owner}:${setting.group}`;
    case 'sysctl':
      return `sysctl ${setting.name} = ${setting.value}`;
    case 'containerd-field':
      return `containerd ${setting.path.join('.')} = ${value(setting.value)}`;
    case 'audit-rule':
      return `audit rule ${setting.order}: ${value(setting.rule)}`;
    default: {
      const { kind, ...fields } = setting;
      const parts = Object.entries(fields).map(([name, field]) => `${name} ${value(field)}`);
      return `${kind.replace(/-/g, ' ')}: ${parts.join(', ')}`;
    }
  }
}

const value = (of: unknown): string => (typeof of === 'string' ? of : JSON.stringify(of));
