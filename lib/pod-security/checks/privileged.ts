import { contextPaths, named, type PodCheck } from '../check';

export const privileged: PodCheck = {
  id: 'privileged',
  level: 'baseline',
  why: 'A privileged container is root on its node: devices, mounts and kernel modules are its own.',
  fix: 'leave privileged out',
  judge: ({ containers }) => {
    const bad = containers.filter(({ securityContext }) => securityContext.privileged === true);
    if (bad.length === 0) return undefined;
    return {
      reason: 'privileged',
      detail: `${named(bad)} must not set securityContext.privileged=true`,
      paths: contextPaths(false, bad, 'privileged'),
    };
  },
};
