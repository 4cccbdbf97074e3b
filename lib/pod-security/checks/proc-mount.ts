import { textOf } from '../../fields';
import { contextPaths, named, type PodCheck, quoted, sorted, type Violation } from '../check';
import type { Pod } from '../pod';

const why = 'Masked parts of /proc tell about the node, and let root change its kernel.';
const fix = 'leave procMount out';

/** Allows any value in a user namespace, since 1.35. */
export const procMountBaseline: PodCheck = {
  id: 'procMount',
  level: 'baseline',
  why,
  fix,
  judge: (pod) => (pod.userNamespace ? undefined : judge(pod)),
};

export const procMountRestricted: PodCheck = {
  id: 'procMount_restricted',
  level: 'restricted',
  overrides: 'procMount',
  why,
  fix,
  judge,
};

function judge({ containers }: Pod): Violation | undefined {
  const bad = containers.filter(({ securityContext }) => !['', 'Default'].includes(textOf(securityContext.procMount)));
  if (bad.length === 0) return undefined;
  const values = quoted(sorted(bad.map(({ securityContext }) => textOf(securityContext.procMount))));
  return {
    reason: 'procMount',
    detail: `${named(bad)} must not set securityContext.procMount to ${values}`,
    paths: contextPaths(false, bad, 'procMount'),
  };
}
