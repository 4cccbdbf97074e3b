import { contextPaths, named, type PodCheck } from '../check';

export const allowPrivilegeEscalation: PodCheck = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  why: 'A setuid program in the image would make its caller root.',
  fix: 'set securityContext.allowPrivilegeEscalation: false on every container',
  judge: ({ containers, windows }) => {
    const bad = containers.filter(({ securityContext }) => securityContext.allowPrivilegeEscalation !== false);
    if (windows || bad.length === 0) return undefined;
    return {
      reason: 'allowPrivilegeEscalation != false',
      detail: `${named(bad)} must set securityContext.allowPrivilegeEscalation=false`,
      paths: contextPaths(false, bad, 'allowPrivilegeEscalation'),
    };
  },
};
