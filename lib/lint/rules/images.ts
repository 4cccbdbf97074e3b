import { fieldsOf, isFields, textOf } from '../../fields';
import type { Rule } from '../rule';

/** Whether a reference names one image and no other for ever. */
export function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
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
      const { containers, volumes, at } = pod;
      const images = [
        ...containers.map(({ fields, path }) => ({ image: textOf(fields.image), path: `${path}.image` })),
        ...volumes
          .filter(({ fields }) => isFields(fields.image))
          .map(({ fields, path }) => ({
            image: textOf(fieldsOf(fields.image).reference),
            path: `${path}.image.reference`,
          })),
      ];
      return images
        .filter(({ image }) => !isPinned(image))
        .map(({ image, path }) => ({
          path: `${at}.${path}`,
          message: `image ${image || '(none)'} is not pinned by digest`,
        }));
    },
  },
];
