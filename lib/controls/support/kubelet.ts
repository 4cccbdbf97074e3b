import { kubeletConfig } from '../../checks';
import type { Json, Setting } from '../../settings/setting';
import type { Control } from '../control';

/** One field of KubeletConfiguration, seen in the effective configuration. Spread into a control. */
export function kubeletField(path: string, value: Json): Pick<Control, 'settings' | 'checks'> {
  return { settings: () => [field(path, value)], checks: (cluster) => kubeletConfig(cluster, { path, value }) };
}

export const field = (path: string, value: Json): Setting => ({ kind: 'kubelet-field', path, value });
