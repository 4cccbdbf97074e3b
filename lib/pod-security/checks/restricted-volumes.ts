import { isFields } from '../../fields';
import { type PodCheck, plural, quoted, sorted } from '../check';
import type { Pod } from '../pod';

/** Kinds of volume that hold nothing of the node. */
export const restrictedVolumeTypes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

export const restrictedVolumes: PodCheck = {
  id: 'restrictedVolumes',
  level: 'restricted',
  overrides: 'hostPathVolumes',
  why: 'Other kinds of volumes reach the node or storage past the cluster’s own permissions.',
  fix: `use one of ${restrictedVolumeTypes.join(', ')}`,
  judge: ({ volumes }) => {
    const bad = volumes.filter((volume) => typeOf(volume) !== undefined);
    if (bad.length === 0) return undefined;
    const types = sorted(bad.map((volume) => typeOf(volume) as string));
    return {
      reason: 'restricted volume types',
      detail: `${plural('volume', 'volumes', bad.length)} ${quoted(bad.map(({ name }) => name))} ${plural('uses', 'use', bad.length)} ${plural('restricted volume type', 'restricted volume types', types.length)} ${quoted(types)}`,
      paths: bad.map((volume) => `${volume.path}.${typeOf(volume)}`),
    };
  },
};

/** The forbidden type of a volume. One without a type is an emptyDir: the API server makes it so. */
function typeOf({ fields }: Pod['volumes'][number]): string | undefined {
  const types = Object.keys(fields).filter((key) => isFields(fields[key]));
  return types.some((type) => restrictedVolumeTypes.includes(type)) ? undefined : types[0];
}
