import { contextPaths, type PodCheck, setters } from '../check';

export const runAsUser: PodCheck = {
  id: 'runAsUser',
  level: 'restricted',
  why: 'Root in a container is root on the node once it breaks out.',
  fix: 'set securityContext.runAsUser to another user than 0',
  judge: ({ containers, securityContext, userNamespace }) => {
    const podIsBad = securityContext.runAsUser === 0;
    const bad = containers.filter((container) => container.securityContext.runAsUser === 0);
    if (userNamespace || (!podIsBad && bad.length === 0)) return undefined;
    return {
      reason: 'runAsUser=0',
      detail: `${setters(podIsBad, bad)} must not set runAsUser=0`,
      paths: contextPaths(podIsBad, bad, 'runAsUser'),
    };
  },
};
