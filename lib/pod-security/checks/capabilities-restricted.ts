import { fieldsOf, textsOf } from '../../fields';
import { contextPaths, named, type PodCheck, quoted, sorted } from '../check';
import type { Container } from '../pod';

export const capabilitiesRestricted: PodCheck = {
  id: 'capabilities_restricted',
  level: 'restricted',
  overrides: 'capabilities_baseline',
  why: 'Each capability is a part of root’s power over the node’s kernel.',
  fix: 'set securityContext.capabilities.drop: ["ALL"] on every container and add none but NET_BIND_SERVICE',
  judge: ({ containers, windows }) => {
    const keeping = containers.filter((container) => !capabilities(container, 'drop').includes('ALL'));
    const adding = containers.filter((container) => forbidden(container).length > 0);
    const details = [
      ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
      ...(adding.length > 0
        ? [
            `${named(adding)} must not include ${quoted(sorted(adding.flatMap(forbidden)))} in securityContext.capabilities.add`,
          ]
        : []),
    ];
    if (windows || details.length === 0) return undefined;
    return {
      reason: 'unrestricted capabilities',
      detail: details.join('; '),
      paths: [...contextPaths(false, keeping, 'capabilities.drop'), ...contextPaths(false, adding, 'capabilities.add')],
    };
  },
};

function capabilities({ securityContext }: Container, list: 'add' | 'drop'): readonly string[] {
  return textsOf(fieldsOf(securityContext.capabilities)[list]);
}

function forbidden(container: Container): string[] {
  return capabilities(container, 'add').filter((name) => name !== 'NET_BIND_SERVICE');
}
