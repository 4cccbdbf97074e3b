import { fieldsOf, isFields, textOf } from '../../fields';
import type { Pod } from '../../pod-security/pod';
import type { Rule } from '../rule';

/** Whether a reference names one image and no other for ever. */
export function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}

/** The images of a pod: of containers of every kind, and of volumes that are images; paths are inside the pod's spec. */
export function imagesOf({ containers, volumes }: Pod): readonly { readonly image: string; readonly path: string }[] {
  return [
    ...containers.map(({ fields, path }) => ({ image: textOf(fields.image), path: `${path}.image` })),
    ...volumes
      .filter(({ fields }) => isFields(fields.image))
      .map(({ fields, path }) => ({
        image: textOf(fieldsOf(fields.image).reference),
        path: `${path}.image.reference`,
      })),
  ];
}

/** A tag can be moved to another image; a digest cannot. */
export const imageRules: readonly Rule[] = [
  {
    control: 'images/digest',
    severity: 'warning',
    why: 'A tag is a name that its owner, or whoever takes the registry, can give to another image; a digest is the image.',
    fix: 'append @sha256:… to the reference',
    judge: (_object, pod) => {
      if (!pod) return [];
      return imagesOf(pod)
        .filter(({ image }) => !isPinned(image))
        .map(({ image, path }) => ({
          path: `${pod.at}.${path}`,
          message: `image ${image || '(none)'} is not pinned by digest`,
        }));
    },
  },
];
