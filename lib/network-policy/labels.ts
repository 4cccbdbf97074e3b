import { type Fields, fieldsOf, itemsOf, textOf, textsOf } from '../fields';

export type Labels = Readonly<Record<string, string>>;

/** The label that the API server gives every namespace and that nobody can change or borrow. */
export const namespaceNameLabel = 'kubernetes.io/metadata.name';

/** The labels in an object's metadata. */
export function labelsOf(metadata: unknown): Labels {
  const entries = Object.entries(fieldsOf(fieldsOf(metadata).labels));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Whether labels satisfy a label selector; an empty selector selects everything. */
export function selects(selector: Fields, labels: Labels): boolean {
  return (
    Object.entries(fieldsOf(selector.matchLabels)).every(([key, value]) => labels[key] === value) &&
    itemsOf(selector.matchExpressions).every((item) => satisfies(fieldsOf(item), labels))
  );
}

function satisfies(requirement: Fields, labels: Labels): boolean {
  const value = labels[textOf(requirement.key)];
  const values = textsOf(requirement.values);
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** A label selector as texts show it: `app=web,tier in (a, b)`; empty for the one that selects everything. */
export function formatSelector(selector: Fields): string {
  const pairs = Object.entries(fieldsOf(selector.matchLabels)).map(([key, value]) => `${key}=${value}`);
  const others = itemsOf(selector.matchExpressions).map((item) => {
    const { key, operator, values } = fieldsOf(item);
    if (operator === 'Exists') return textOf(key);
    if (operator === 'DoesNotExist') return `!${textOf(key)}`;
    return `${textOf(key)} ${textOf(operator).toLowerCase()} (${textsOf(values).join(', ')})`;
  });
  return [...pairs, ...others].join(',');
}
