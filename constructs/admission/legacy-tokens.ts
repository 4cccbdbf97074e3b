import type { Construct } from 'constructs';
import { ValidatingAdmissionPolicy } from '../api-objects/admission-policy';

export interface LegacyTokensProps {
  /** Id of the control, named in every refusal. */
  readonly control: string;
}

/** Refuses Secrets that Kubernetes would fill with a service account's token which never expires. */
export class LegacyTokens extends ValidatingAdmissionPolicy {
  constructor(scope: Construct, id: string, props: LegacyTokensProps) {
    super(scope, id, {
      name: 'bulwark-legacy-tokens',
      // A Secret keeps its type for life.
      resources: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
      validations: [
        {
          expression: "object.?type.orValue('Opaque') != 'kubernetes.io/service-account-token'",
          messageExpression: `'${props.control}: a token in a Secret never expires. Mount a projected token, or ask for one that expires: kubectl create token.'`,
        },
      ],
    });
  }
}
