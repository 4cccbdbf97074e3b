import { kubeletConfig } from '../../checks';
import type { ResolvedCluster } from '../../resolved-cluster';
import type { Json, Setting } from '../../settings/setting';
import type { Control } from '../control';
import type { ControlValue } from '../value';

/** One field of KubeletConfiguration, seen in the effective configuration. Spread into a control. */
export function kubeletField(path: string, value: Json): Pick<Control, 'settings' | 'checks'> {
  return { settings: () => [field(path, value)], checks: (cluster) => kubeletConfig(cluster, { path, value }) };
}

/** A field whose value profiles may tighten. Spread into a control. */
export function kubeletValue(
  path: string,
  value: ControlValue<number>,
): Pick<Control, 'settings' | 'checks' | 'value'> {
  const on = (cluster: ResolvedCluster) => kubeletField(path, value.on(cluster));
  return {
    value,
    settings: (cluster) => on(cluster).settings(cluster),
    checks: (cluster) => on(cluster).checks(cluster),
  };
}

export const field = (path: string, value: Json): Setting => ({ kind: 'kubelet-field', path, value });
