import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { except, notAMirrorPod, podChanges, pods, podTemplates, podVariables } from './pod-makers';

/** How an image must be named: by its digest, or at least by a tag that is not `latest`. */
export type ImagePinningRule = 'digest' | 'tag';

export interface ImagePinningProps {
  readonly rule: ImagePinningRule;
  /** Namespaces that another policy answers for. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/** Admits pods, and what makes them, only with images whose name says which image is meant. */
export class ImagePinning extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: ImagePinningProps) {
    super(scope, id, {
      name: 'bulwark-image-pinning',
      resources: [pods, ...podTemplates],
      namespaceSelector: except(props.exempt),
      matchConditions: [notAMirrorPod, podChanges],
      variables: [
        ...podVariables,
        {
          name: 'images',
          expression:
            "variables.containers.map(c, c.image) + variables.spec.?volumes.orValue([]).filter(v, has(v.image)).map(v, v.image.?reference.orValue(''))",
        },
        { name: 'loose', expression: `variables.images.filter(i, !(${pinned[props.rule]}))` },
      ],
      validations: [
        {
          expression: 'size(variables.loose) == 0',
          messageExpression: `'${props.control}: ' + variables.what + ' asks for ' + variables.loose.join(', ') + ', which may be another image tomorrow. ${remedy[props.rule]}'`,
        },
      ],
    });
  }
}

const digest = "i.matches('@sha256:[0-9a-f]{64}$')";

const pinned: Readonly<Record<ImagePinningRule, string>> = {
  digest,
  // The port of a registry is no tag.
  tag: `${digest} || (i.matches(':[A-Za-z0-9_][A-Za-z0-9_.-]*$') && !i.endsWith(':latest'))`,
};

const remedy: Readonly<Record<ImagePinningRule, string>> = {
  digest: 'Append @sha256:… to the reference.',
  tag: 'Name a version, or better append @sha256:… to the reference.',
};
