import { type Fields, fieldsOf } from '../../fields';
import { contextPaths, type PodCheck, setters } from '../check';

export const windowsHostProcess: PodCheck = {
  id: 'windowsHostProcess',
  level: 'baseline',
  why: 'A host process is no container: it has the whole Windows node.',
  fix: 'leave windowsOptions.hostProcess out',
  judge: ({ containers, securityContext }) => {
    const podIsBad = isHostProcess(securityContext);
    const bad = containers.filter((container) => isHostProcess(container.securityContext));
    if (!podIsBad && bad.length === 0) return undefined;
    return {
      reason: 'hostProcess',
      detail: `${setters(podIsBad, bad)} must not set securityContext.windowsOptions.hostProcess=true`,
      paths: contextPaths(podIsBad, bad, 'windowsOptions.hostProcess'),
    };
  },
};

function isHostProcess({ windowsOptions }: Fields): boolean {
  return fieldsOf(windowsOptions).hostProcess === true;
}
