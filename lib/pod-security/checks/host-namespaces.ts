import type { PodCheck } from '../check';

export const hostNamespaces: PodCheck = {
  id: 'hostNamespaces',
  level: 'baseline',
  why: 'The pod would see and signal the node’s processes, or listen in on its network.',
  fix: 'leave hostNetwork, hostPID and hostIPC out',
  judge: ({ spec }) => {
    const paths = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
    if (paths.length === 0) return undefined;
    return { reason: 'host namespaces', detail: paths.map((field) => `${field}=true`).join(', '), paths };
  },
};
