import { contextPaths, named, type PodCheck, setters } from '../check';

export const runAsNonRoot: PodCheck = {
  id: 'runAsNonRoot',
  level: 'restricted',
  why: 'Root in a container is root on the node once it breaks out.',
  fix: 'set securityContext.runAsNonRoot: true on the pod',
  judge: ({ containers, securityContext, userNamespace }) => {
    if (userNamespace) return undefined;
    const reason = 'runAsNonRoot != true';
    const podIsBad = securityContext.runAsNonRoot === false;
    const bad = containers.filter((container) => container.securityContext.runAsNonRoot === false);
    if (podIsBad || bad.length > 0) {
      return {
        reason,
        detail: `${setters(podIsBad, bad)} must not set securityContext.runAsNonRoot=false`,
        paths: contextPaths(podIsBad, bad, 'runAsNonRoot'),
      };
    }
    const unset = containers.filter((container) => container.securityContext.runAsNonRoot !== true);
    if (securityContext.runAsNonRoot === true || unset.length === 0) return undefined;
    return {
      reason,
      detail: `pod or ${named(unset)} must set securityContext.runAsNonRoot=true`,
      paths: contextPaths(false, unset, 'runAsNonRoot'),
    };
  },
};
