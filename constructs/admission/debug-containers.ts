import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';
import { except } from './pod-makers';

/** Label of a namespace whose pods may get debug containers, with the value `allowed`. */
export const debugContainersLabel = 'bulwark.dev/debug-containers';

export interface DebugContainersProps {
  /** Namespaces that another policy answers for. */
  readonly exempt: readonly string[];
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/**
 * Refuses debug containers except in namespaces that are labelled for them: they join a running pod, read its memory and
 * environment, run any image and stay until the pod ends. Who may label namespaces decides, and the audit log shows when.
 */
export class DebugContainers extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: DebugContainersProps) {
    super(scope, id, {
      name: 'bulwark-debug-containers',
      resources: [
        { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'] },
      ],
      namespaceSelector: except(props.exempt),
      validations: [
        {
          expression: `namespaceObject.metadata.?labels[?'${debugContainersLabel}'].orValue('') == 'allowed'`,
          messageExpression: `'${props.control}: pods of namespace ' + request.namespace + ' get no debug containers. Debug a copy (kubectl debug --copy-to), or label the namespace ${debugContainersLabel}=allowed while you need them.'`,
        },
      ],
    });
  }
}
