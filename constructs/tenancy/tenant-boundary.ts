import { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';

export interface TenantBoundaryProps {
  readonly tenant: string;
  readonly namespaces: readonly string[];
  /** Registries, or repositories in them, that images may come from; `registry.example/shop`. */
  readonly registries: readonly string[];
  readonly storageClasses: readonly string[];
}

/**
 * Where a tenant's images and volumes may come from. Holds for everybody who writes in its namespaces, beside what the
 * cluster demands of all images. Judged is the pod and the claim, whichever workload makes them; a pod that stands is
 * judged again only for images that it did not have.
 */
export class TenantBoundary extends Construct {
  constructor(scope: Construct, id: string, props: TenantBoundaryProps) {
    super(scope, id);
    const { tenant, registries, storageClasses } = props;
    const namespaceSelector = [
      { key: 'kubernetes.io/metadata.name', operator: 'In' as const, values: props.namespaces },
    ];
    const operations = ['CREATE', 'UPDATE'] as const;
    new ValidatingAdmissionPolicy(this, 'images', {
      name: `bulwark-tenant-${tenant}-images`,
      resources: [
        { apiGroups: [''], apiVersions: ['v1'], operations, resources: ['pods', 'pods/ephemeralcontainers'] },
      ],
      namespaceSelector,
      variables: [
        { name: 'images', expression: imagesOf('object') },
        { name: 'standing', expression: `oldObject == null ? [] : ${imagesOf('oldObject')}` },
        { name: 'allowed', expression: JSON.stringify(registries.map((registry) => `${registry}/`)) },
        {
          name: 'strange',
          expression:
            'variables.images.filter(i, !(i in variables.standing) && !variables.allowed.exists(r, i.startsWith(r)))',
        },
      ],
      validations: [
        {
          expression: 'size(variables.strange) == 0',
          messageExpression: `'tenant ${tenant}: images come from ${registries.join(', ')} only, not ' + variables.strange.join(', ') + '. Push the image there and name it in full.'`,
        },
      ],
    });
    new ValidatingAdmissionPolicy(this, 'volumes', {
      name: `bulwark-tenant-${tenant}-volumes`,
      resources: [{ apiGroups: [''], apiVersions: ['v1'], operations, resources: ['persistentvolumeclaims'] }],
      namespaceSelector,
      variables: [
        {
          name: 'class',
          expression:
            "object.metadata.?annotations[?'volume.beta.kubernetes.io/storage-class'].orValue(object.spec.?storageClassName.orValue(''))",
        },
      ],
      validations: [
        {
          expression: `variables.class in ${JSON.stringify(storageClasses)}`,
          messageExpression: `'tenant ${tenant}: ' + (variables.class == '' ? 'a claim without storage class takes any volume' : 'storage class ' + variables.class + ' is not allowed') + '. ${remedyOf(storageClasses)}'`,
        },
      ],
    });
  }
}

const remedyOf = (classes: readonly string[]): string =>
  classes.length > 0 ? `Set storageClassName to one of ${classes.join(', ')}.` : 'Ask for a storage class.';

/** Of containers of every kind, and of volumes that are images. */
const imagesOf = (pod: string): string =>
  [
    `${pod}.spec.containers.map(c, c.?image.orValue(''))`,
    `${pod}.spec.?initContainers.orValue([]).map(c, c.?image.orValue(''))`,
    `${pod}.spec.?ephemeralContainers.orValue([]).map(c, c.?image.orValue(''))`,
    `${pod}.spec.?volumes.orValue([]).filter(v, has(v.image)).map(v, v.image.?reference.orValue(''))`,
  ].join('\n+ ');
