import type { Resolution } from './resolve';
import { waiverOf } from './resolve';
import { addressRange, covers } from './spec/address-range';

/** One way in which a cluster is held less tightly than before. */
export interface Weakening {
  /** Id of the control, or path of the spec. */
  readonly of: string;
  readonly message: string;
  /** Whether a waiver of the new spec answers for it. */
  readonly waived: boolean;
}

/**
 * What a changed spec gives up, compared with the one before: controls that are off or newly waived, resources that are
 * no longer encrypted, and addresses that may reach more. Values are compared where "less" has a meaning for them.
 */
export function weakenings(before: Resolution, after: Resolution): readonly Weakening[] {
  return [...controlsGivenUp(before, after), ...encryptionGivenUp(before, after), ...addressesOpened(before, after)];
}

function controlsGivenUp(before: Resolution, after: Resolution): readonly Weakening[] {
  const { spec, controlPlanes, workers } = after.cluster;
  // Where the last worker left, what concerns workers alone is not given up.
  const remaining = { ...before.cluster, spec: { ...before.cluster.spec, nodes: spec.nodes }, controlPlanes, workers };
  return before.controls
    .filter(({ id }) => waiverOf(before.cluster, id) === undefined)
    .filter(({ appliesTo }) => appliesTo?.(remaining) ?? true)
    .flatMap(({ id, title }): Weakening[] => {
      const waiver = waiverOf(after.cluster, id);
      if (waiver) return [{ of: id, message: `is waived: ${waiver.reason}`, waived: true }];
      if (after.controls.some((control) => control.id === id || control.replaces === id)) return [];
      return [{ of: id, message: `is off; before: ${title}`, waived: false }];
    });
}

function encryptionGivenUp(before: Resolution, after: Resolution): readonly Weakening[] {
  const encrypted = ({ settings }: Resolution) =>
    settings.of('encrypted-resource').map(({ setting }) => setting.resource);
  const kept = new Set(encrypted(after));
  return encrypted(before)
    .filter((resource) => !kept.has(resource))
    .map((resource) => ({ of: 'encryption.resources', message: `${resource} is no longer encrypted`, waived: false }));
}

function addressesOpened(before: Resolution, after: Resolution): readonly Weakening[] {
  return (['allowedApiCidrs', 'operatorCidrs'] as const).flatMap((field) => {
    const known = before.cluster.spec.networking[field].map(addressRange);
    return after.cluster.spec.networking[field]
      .filter((address) => !known.some((range) => covers(range, addressRange(address))))
      .map((address) => ({ of: `networking.${field}`, message: `${address} may connect too`, waived: false }));
  });
}
