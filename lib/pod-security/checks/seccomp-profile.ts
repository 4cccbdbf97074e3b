import { type Fields, isFields, textOf } from '../../fields';
import { contextPaths, named, type PodCheck, quoted, setters, sorted, type Violation } from '../check';
import type { Pod } from '../pod';

const allowedTypes = ['RuntimeDefault', 'Localhost'];
const why = 'Without a profile a container may use every system call, those of most kernel exploits too.';
const fix = 'set securityContext.seccompProfile.type: RuntimeDefault on the pod';

/** Refuses profiles that are named and weak. */
export const seccompProfileBaseline: PodCheck = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  why,
  fix,
  judge: weakProfiles,
};

/** Refuses missing profiles too. */
export const seccompProfileRestricted: PodCheck = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  overrides: 'seccompProfile_baseline',
  why,
  fix,
  judge: (pod) => {
    if (pod.windows) return undefined;
    const weak = weakProfiles(pod);
    const unset = pod.containers.filter(({ securityContext }) => typeOf(securityContext) === undefined);
    if (weak || typeOf(pod.securityContext) !== undefined || unset.length === 0) return weak;
    return {
      reason: 'seccompProfile',
      detail: `pod or ${named(unset)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      paths: contextPaths(false, unset, 'seccompProfile.type'),
    };
  },
};

function weakProfiles({ containers, securityContext }: Pod): Violation | undefined {
  const podIsBad = isWeak(securityContext);
  const bad = containers.filter((container) => isWeak(container.securityContext));
  if (!podIsBad && bad.length === 0) return undefined;
  const weak = [...(podIsBad ? [securityContext] : []), ...bad.map((container) => container.securityContext)];
  const values = quoted(sorted(weak.map((context) => typeOf(context) as string)));
  return {
    reason: 'seccompProfile',
    detail: `${setters(podIsBad, bad)} must not set securityContext.seccompProfile.type to ${values}`,
    paths: contextPaths(podIsBad, bad, 'seccompProfile.type'),
  };
}

function typeOf({ seccompProfile }: Fields): string | undefined {
  return isFields(seccompProfile) ? textOf(seccompProfile.type) : undefined;
}

function isWeak(securityContext: Fields): boolean {
  const type = typeOf(securityContext);
  return type !== undefined && !allowedTypes.includes(type);
}
