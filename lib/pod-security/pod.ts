import { type Fields, fieldsOf, itemsOf, textOf } from '../fields';

/** A container as the checks see it. */
export interface Container {
  readonly name: string;
  /** Where it stands in the pod's spec, for example `initContainers[0]`. */
  readonly path: string;
  readonly fields: Fields;
  readonly securityContext: Fields;
}

/** A pod, or the pod that a template makes, as the checks see it. */
export interface Pod {
  readonly annotations: Fields;
  readonly spec: Fields;
  readonly securityContext: Fields;
  /** Init containers, containers and debug containers, in the order in which refusals name them. */
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly name: string; readonly path: string; readonly fields: Fields }[];
  /** Linux-only fields are not asked of a pod that says it is for Windows. */
  readonly windows: boolean;
  /** Whether the pod's users are not the node's: since 1.35 root may then be root. */
  readonly userNamespace: boolean;
}

/** Reads a pod from the metadata and spec of a Pod or of a template; what is misshapen reads as missing. */
export function readPod(metadata: unknown, spec: unknown): Pod {
  const fields = fieldsOf(spec);
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    itemsOf(fields[list]).map((item, index): Container => {
      const container = fieldsOf(item);
      return {
        name: textOf(container.name),
        path: `${list}[${index}]`,
        fields: container,
        securityContext: fieldsOf(container.securityContext),
      };
    }),
  );
  return {
    annotations: fieldsOf(fieldsOf(metadata).annotations),
    spec: fields,
    securityContext: fieldsOf(fields.securityContext),
    containers,
    volumes: itemsOf(fields.volumes).map((item, index) => ({
      name: textOf(fieldsOf(item).name),
      path: `volumes[${index}]`,
      fields: fieldsOf(item),
    })),
    windows: fieldsOf(fields.os).name === 'windows',
    userNamespace: fields.hostUsers === false,
  };
}
