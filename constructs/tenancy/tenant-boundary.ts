import { Construct } from 'constructs';
import { registriesVariable } from '../../lib/lint/rules/registries';
import { imagesOf, isForeignTo } from '../admission/image-names';
import { notAMirrorPod, podChanges, podOf, pods, podTemplates, podVariables } from '../admission/pod-makers';
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
 * cluster demands of all images; nobody in the tenant can change it, and lint reads the registries from it. Judged are
 * pods, what makes them, and claims; what stands is judged again only for images that it did not have.
 */
export class TenantBoundary extends Construct {
  constructor(scope: Construct, id: string, props: TenantBoundaryProps) {
    super(scope, id);
    const { tenant, registries, storageClasses } = props;
    const namespaceSelector = [
      { key: 'kubernetes.io/metadata.name', operator: 'In' as const, values: props.namespaces },
    ];
    new ValidatingAdmissionPolicy(this, 'images', {
      name: `bulwark-tenant-${tenant}-images`,
      resources: [pods, ...podTemplates],
      namespaceSelector,
      matchConditions: [notAMirrorPod, podChanges],
      variables: [
        ...podVariables,
        { name: 'images', expression: imagesOf('variables.spec') },
        { name: 'standing', expression: `oldObject == null ? [] : ${imagesOf(`${podOf('oldObject')}.spec`)}` },
        { name: registriesVariable, expression: JSON.stringify(registries) },
        {
          name: 'foreign',
          expression: `variables.images.filter(i, !(i in variables.standing) && ${isForeignTo('variables.registries')})`,
        },
      ],
      validations: [
        {
          expression: 'size(variables.foreign) == 0',
          messageExpression: `'admission/image-registries: tenant ${tenant}: images come from ${registries.join(', ')} only, and ' + variables.what + ' asks for ' + variables.foreign.join(', ') + '. Push the image there and name it in full, or have its registry added to the tenant.'`,
        },
      ],
    });
    new ValidatingAdmissionPolicy(this, 'volumes', {
      name: `bulwark-tenant-${tenant}-volumes`,
      resources: [
        { apiGroups: [''], apiVersions: ['v1'], operations: pods.operations, resources: ['persistentvolumeclaims'] },
      ],
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
