import { nameOf, type ObjectReference } from '../finding';

const shown = 3;

/** Some of several objects by name, and how many more there are. */
export function listed(objects: readonly ObjectReference[]): string {
  const more = objects.length - shown;
  return [...objects.slice(0, shown).map(nameOf), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
