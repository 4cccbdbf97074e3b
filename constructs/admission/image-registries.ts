import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { except, notAMirrorPod, podChanges, pods, podTemplates, podVariables } from './pod-makers';

/**
 * Annotation of a namespace: where its images may come from, separated by commas. It narrows what the cluster allows.
 * Whoever may change the namespace itself may change it; roles within a namespace may not.
 */
export const registriesAnnotation = 'bulwark.dev/allowed-registries';

export interface ImageRegistriesProps {
  /**
   * Registries, with or without a path, that images of the cluster may come from: `ghcr.io`, `registry.example/shop`.
   * Empty: any.
   */
  readonly registries: readonly string[];
  /** Namespaces that another policy answers for. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/** Admits pods, and what makes them, only with images of allowed registries: the cluster's, and those of their namespace. */
export class ImageRegistries extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: ImageRegistriesProps) {
    super(scope, id, {
      name: 'bulwark-image-registries',
      resources: [pods, ...podTemplates],
      namespaceSelector: except(props.exempt),
      matchConditions: [notAMirrorPod, podChanges],
      variables: [
        ...podVariables,
        { name: 'images', expression: images },
        { name: 'cluster', expression: JSON.stringify(props.registries) },
        {
          name: 'tenant',
          expression: `namespaceObject.metadata.?annotations[?'${registriesAnnotation}'].orValue('').split(',').map(r, r.trim()).filter(r, r != '')`,
        },
        { name: 'foreign', expression: foreign('cluster') },
        { name: 'foreignHere', expression: foreign('tenant') },
      ],
      validations: [
        {
          expression: 'size(variables.foreign) == 0',
          messageExpression: `'${props.control}: ' + variables.what + ' asks for ' + variables.foreign.join(', ') + ', but images come from ' + variables.cluster.join(', ') + ' only. Push the image there, or add its registry to images.registries in the spec.'`,
        },
        {
          expression: 'size(variables.foreignHere) == 0',
          messageExpression: `'${props.control}: ' + variables.what + ' asks for ' + variables.foreignHere.join(', ') + ', but images of namespace ' + request.namespace + ' come from ' + variables.tenant.join(', ') + ' only. Push the image there, or have the registry added to the tenant.'`,
        },
      ],
    });
  }
}

/** Every image of the pod by its full name: `nginx` is `docker.io/library/nginx`. */
const images = `(variables.containers.map(c, c.image)
  + variables.spec.?volumes.orValue([]).filter(v, has(v.image)).map(v, v.image.?reference.orValue('')))
.map(i, i.contains('/') && (i.split('/')[0].contains('.') || i.split('/')[0].contains(':') || i.split('/')[0] == 'localhost')
  ? i
  : 'docker.io/' + (i.contains('/') ? i : 'library/' + i))`;

/** The images that no entry of the list covers. After a host comes a path: with a port it is another registry. */
const foreign = (list: string): string =>
  `size(variables.${list}) == 0 ? [] : variables.images.filter(i, !variables.${list}.exists(r, i.startsWith(r + '/') || (r.contains('/') && (i.startsWith(r + ':') || i.startsWith(r + '@')))))`;
