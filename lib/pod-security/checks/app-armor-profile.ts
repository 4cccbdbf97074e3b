import { type Fields, fieldsOf, isFields, textOf } from '../../fields';
import { named, type PodCheck, plural, quoted, sorted } from '../check';
import type { Container, Pod } from '../pod';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';
const allowedTypes = ['RuntimeDefault', 'Localhost'];

export const appArmorProfile: PodCheck = {
  id: 'appArmorProfile',
  level: 'baseline',
  why: 'The profile keeps a container from mounts and kernel interfaces that no program needs.',
  fix: 'leave appArmorProfile out, or set its type to RuntimeDefault or Localhost',
  judge: (pod) => {
    const podType = typeOf(pod.securityContext);
    const podIsBad = podType !== undefined && !allowedTypes.includes(podType);
    const bad = pod.containers.flatMap((container) => {
      const type = typeOf(container.securityContext) ?? typeOfAnnotation(pod, container, podType);
      return type === undefined || allowedTypes.includes(type) ? [] : [{ container, type }];
    });
    const annotations = Object.entries(pod.annotations).filter(
      ([key, value]) => key.startsWith(prefix) && !isAllowedAnnotation(textOf(value)),
    );
    const setters = [
      ...(podIsBad ? ['pod'] : []),
      ...(bad.length > 0 ? [named(bad.map(({ container }) => container))] : []),
      ...(annotations.length > 0 ? [plural('annotation', 'annotations', annotations.length)] : []),
    ];
    if (setters.length === 0) return undefined;
    const values = [
      ...sorted([...(podIsBad ? [podType] : []), ...bad.map(({ type }) => type)]),
      ...annotations.map(([key, value]) => `${key}=${JSON.stringify(value)}`).sort(),
    ];
    return {
      reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', values.length),
      detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
      paths: [
        ...(podIsBad ? ['securityContext.appArmorProfile.type'] : []),
        ...bad.map(({ container }) => `${container.path}.securityContext.appArmorProfile.type`),
      ],
    };
  },
};

function typeOf(securityContext: Fields): string | undefined {
  const profile = securityContext.appArmorProfile;
  return isFields(profile) ? textOf(fieldsOf(profile).type) : undefined;
}

/** The API server copies the old annotation into the field before it judges, where they differ. */
function typeOfAnnotation(pod: Pod, { name }: Container, podType: string | undefined): string | undefined {
  return pod.annotations[`${prefix}${name}`] === 'unconfined' && podType !== 'Unconfined' ? 'Unconfined' : undefined;
}

function isAllowedAnnotation(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}
