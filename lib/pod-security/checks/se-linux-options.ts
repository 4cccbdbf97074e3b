import { type Fields, fieldsOf, textOf } from '../../fields';
import { contextPaths, type PodCheck, plural, quoted, setters, sorted } from '../check';

const allowedTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

export const seLinuxOptions: PodCheck = {
  id: 'seLinuxOptions',
  level: 'baseline',
  why: 'Another type or user of SELinux lets a container out of its confinement.',
  fix: `set neither user nor role, and a type of ${allowedTypes.filter(Boolean).join(', ')}`,
  judge: ({ containers, securityContext }) => {
    const podIsBad = isBad(optionsOf(securityContext));
    const bad = containers.filter((container) => isBad(optionsOf(container.securityContext)));
    if (!podIsBad && bad.length === 0) return undefined;
    const options = [securityContext, ...bad.map((container) => container.securityContext)].map(optionsOf);
    const types = sorted(options.map(({ type }) => textOf(type)).filter((type) => !allowedTypes.includes(type)));
    const faults = [
      ...(types.length > 0 ? [`${plural('type', 'types', types.length)} ${quoted(types)}`] : []),
      ...(['user', 'role'] as const)
        .filter((field) => options.some((option) => textOf(option[field]) !== ''))
        .map((field) => `${field} may not be set`),
    ];
    return {
      reason: 'seLinuxOptions',
      detail: `${setters(podIsBad, bad)} set forbidden securityContext.seLinuxOptions: ${faults.join('; ')}`,
      paths: contextPaths(podIsBad, bad, 'seLinuxOptions'),
    };
  },
};

function optionsOf(securityContext: Fields): Fields {
  return fieldsOf(securityContext.seLinuxOptions);
}

function isBad({ type, user, role }: Fields): boolean {
  return !allowedTypes.includes(textOf(type)) || textOf(user) !== '' || textOf(role) !== '';
}
