import { isFields } from '../../fields';
import { type PodCheck, plural, quoted } from '../check';

export const hostPathVolumes: PodCheck = {
  id: 'hostPathVolumes',
  level: 'baseline',
  why: 'A directory of the node holds other pods, logs and credentials of the kubelet.',
  fix: "use a volume that is not the node's file system",
  judge: ({ volumes }) => {
    const bad = volumes.filter(({ fields }) => isFields(fields.hostPath));
    if (bad.length === 0) return undefined;
    const names = quoted(bad.map(({ name }) => name));
    return {
      reason: 'hostPath volumes',
      detail: `${plural('volume', 'volumes', bad.length)} ${names}`,
      paths: bad.map(({ path }) => `${path}.hostPath`),
    };
  },
};
