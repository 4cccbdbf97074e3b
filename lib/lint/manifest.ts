import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../fields';
import type { ObjectReference } from './finding';

/** A pod inside an object: the object itself, or the template of a workload. */
export interface PodPlace {
  /** Path of the pod's spec inside the object. */
  readonly path: string;
  readonly metadata: Fields;
  readonly spec: Fields;
}

/** The objects in a document: itself, or the members of a List. Anything that is no Kubernetes object is left out. */
export function objectsOf(document: unknown): readonly Fields[] {
  const object = fieldsOf(document);
  const kind = textOf(object.kind);
  if (kind.endsWith('List') && Array.isArray(object.items)) {
    // Members of a list of one kind, as the API server sends it, do not name it again.
    const own = kind === 'List' ? {} : { apiVersion: object.apiVersion, kind: kind.slice(0, -'List'.length) };
    return object.items.flatMap((item) =>
      objectsOf(isFields(item) && item.kind === undefined ? { ...own, ...item } : item),
    );
  }
  return textOf(object.kind) !== '' && textOf(object.apiVersion) !== '' ? [object] : [];
}

export function referenceOf(object: Fields): ObjectReference {
  const metadata = fieldsOf(object.metadata);
  return {
    apiVersion: textOf(object.apiVersion),
    kind: textOf(object.kind),
    name: textOf(metadata.name) || textOf(metadata.generateName) || '(unnamed)',
    ...(textOf(metadata.namespace) !== '' && { namespace: textOf(metadata.namespace) }),
  };
}

/** Where pods stand in Kubernetes' own workloads. */
const templates = [['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template'], ['template']];

/** Deepest that a pod is looked for in a custom resource, in steps from its root. */
const deepest = 12;

/** The pods that an object is or makes. Custom resources have any number of templates, wherever their kind puts them. */
export function podsOf(object: Fields): readonly PodPlace[] {
  if (object.kind === 'Pod') {
    return [{ path: 'spec', metadata: fieldsOf(object.metadata), spec: fieldsOf(object.spec) }];
  }
  const [own] = templates.flatMap((steps) => {
    const template = steps.reduce((parent, step) => fieldsOf(parent[step]), object);
    return isTemplate(template) ? [placeOf(template, steps.join('.'))] : [];
  });
  if (own) return [own];
  return isCustom(object) ? templatesBelow(object, '', deepest) : [];
}

/** The pod that one of Kubernetes' own workloads makes. */
export function podOf(object: Fields): PodPlace | undefined {
  return podsOf(object)[0];
}

/** Whether an object is of a kind that Kubernetes does not have by itself. */
export function isCustom({ apiVersion }: Fields): boolean {
  const [group = ''] = textOf(apiVersion).split('/');
  return group.includes('.') && !group.endsWith('.k8s.io');
}

interface Template extends Fields {
  readonly spec: Fields;
}

function isTemplate(value: Fields): value is Template {
  return (
    isFields(value.spec) && ['containers', 'initContainers'].some((list) => areContainers(fieldsOf(value.spec)[list]))
  );
}

/** Whether a list is one of containers: things that carry an image. */
function areContainers(list: unknown): boolean {
  return itemsOf(list).some((item) => isFields(item) && item.name !== undefined);
}

function placeOf(template: Template, path: string): PodPlace {
  return { path: `${path}.spec`, metadata: fieldsOf(template.metadata), spec: template.spec };
}

function templatesBelow(value: unknown, path: string, depth: number): readonly PodPlace[] {
  if (depth === 0 || typeof value !== 'object' || value === null) return [];
  if (path !== '' && isFields(value) && isTemplate(value)) return [placeOf(value, path)];
  return Object.entries(value).flatMap(([key, member]) => {
    const step = Array.isArray(value) ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    return templatesBelow(member, path === '' ? key : `${path}${step}`, depth - 1);
  });
}
