import type { ComponentResourceOptions, CustomResourceOptions, Resource } from '@pulumi/pulumi';

/**
 * Options of the one resource behind a component: what is said of the component is meant of it. Pulumi itself hands on
 * aliases, `protect`, `retainOnDelete` and `transforms`.
 */
export function innerOptions(parent: Resource, { ignoreChanges }: ComponentResourceOptions): CustomResourceOptions {
  // A replacement stands on the same machines: what is there goes before what comes.
  return { parent, ignoreChanges, deleteBeforeReplace: true };
}
