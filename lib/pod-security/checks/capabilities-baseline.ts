import { fieldsOf, textsOf } from '../../fields';
import { contextPaths, named, type PodCheck, quoted, sorted } from '../check';
import type { Container } from '../pod';

/** Capabilities that containers have by default, and may add. */
export const defaultCapabilities = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

export const capabilitiesBaseline: PodCheck = {
  id: 'capabilities_baseline',
  level: 'baseline',
  why: 'Each capability is a part of root’s power over the node’s kernel.',
  fix: 'add no capability beyond those that containers have by default',
  judge: ({ containers }) => {
    const bad = containers.filter((container) => forbidden(container).length > 0);
    if (bad.length === 0) return undefined;
    const names = quoted(sorted(bad.flatMap(forbidden)));
    return {
      reason: 'non-default capabilities',
      detail: `${named(bad)} must not include ${names} in securityContext.capabilities.add`,
      paths: contextPaths(false, bad, 'capabilities.add'),
    };
  },
};

function forbidden({ securityContext }: Container): string[] {
  return textsOf(fieldsOf(securityContext.capabilities).add).filter((name) => !defaultCapabilities.includes(name));
}
