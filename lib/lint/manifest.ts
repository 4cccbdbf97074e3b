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
  if (textOf(object.kind).endsWith('List') && Array.isArray(object.items)) return object.items.flatMap(objectsOf);
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

/** Where pods stand in workloads; custom resources follow the same custom. */
const templates = [['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template'], ['template']];

/** The pod that an object is or makes. */
export function podOf(object: Fields): PodPlace | undefined {
  if (object.kind === 'Pod') return { path: 'spec', metadata: fieldsOf(object.metadata), spec: fieldsOf(object.spec) };
  for (const steps of templates) {
    const template = steps.reduce((parent, step) => fieldsOf(parent[step]), object);
    if (isFields(template.spec) && itemsOf(template.spec.containers).length > 0) {
      return { path: [...steps, 'spec'].join('.'), metadata: fieldsOf(template.metadata), spec: template.spec };
    }
  }
  return undefined;
}
