import type { Construct } from 'constructs';
import { registriesVariable } from '../../lib/lint/rules/registries';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { imagesOf, isForeignTo } from './image-names';
import { except, notAMirrorPod, podChanges, pods, podTemplates, podVariables } from './pod-makers';

export interface ImageRegistriesProps {
  /**
   * Registries, with or without a path, that images of the cluster may come from: `ghcr.io`, `registry.example/shop`.
   * Empty: any. A tenant has a list of its own besides, see `TenantBoundary`.
   */
  readonly registries: readonly string[];
  /** Namespaces that another policy answers for. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/** Admits pods, and what makes them, only with images of the registries that the cluster allows. */
export class ImageRegistries extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: ImageRegistriesProps) {
    super(scope, id, {
      name: 'bulwark-image-registries',
      resources: [pods, ...podTemplates],
      namespaceSelector: except(props.exempt),
      matchConditions: [notAMirrorPod, podChanges],
      variables: [
        ...podVariables,
        { name: 'images', expression: imagesOf('variables.spec') },
        { name: registriesVariable, expression: JSON.stringify(props.registries) },
        {
          name: 'foreign',
          expression: `size(variables.registries) == 0 ? [] : variables.images.filter(i, ${isForeignTo('variables.registries')})`,
        },
      ],
      validations: [
        {
          expression: 'size(variables.foreign) == 0',
          messageExpression: `'${props.control}: ' + variables.what + ' asks for ' + variables.foreign.join(', ') + ', but images come from ' + variables.registries.join(', ') + ' only. Push the image there, or add its registry to images.registries in the spec.'`,
        },
      ],
    });
  }
}
