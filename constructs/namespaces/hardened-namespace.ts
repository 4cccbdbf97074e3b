import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

/** Levels of the Pod Security Standards, weakest last. */
export enum PodSecurityLevel {
  RESTRICTED = 'restricted',
  BASELINE = 'baseline',
  PRIVILEGED = 'privileged',
}

/** Who answers for a namespace below `restricted`, why, and until when. */
export interface NamespaceWaiver {
  readonly reason: string;
  readonly owner: string;
  /** Last day, as YYYY-MM-DD. */
  readonly expires: string;
}

export interface HardenedNamespaceProps {
  readonly name: string;
  /** Kubernetes minor whose rules are enforced, for example `1.36`: an upgrade does not change them silently. */
  readonly minor: string;
  /** What pods may do here. @default PodSecurityLevel.RESTRICTED */
  readonly level?: PodSecurityLevel;
  /** Shown as the annotation `bulwark.dev/waivers`. @default none */
  readonly waiver?: NamespaceWaiver;
}

/**
 * A namespace whose pods are held to a level of the Pod Security Standards. Whatever the level, the audit log and the
 * user's terminal name what `restricted` would have refused.
 */
export class HardenedNamespace extends k8s.KubeNamespace {
  constructor(scope: Construct, id: string, props: HardenedNamespaceProps) {
    const version = `v${props.minor}`;
    super(scope, id, {
      metadata: {
        name: props.name,
        labels: {
          'pod-security.kubernetes.io/enforce': props.level ?? PodSecurityLevel.RESTRICTED,
          'pod-security.kubernetes.io/enforce-version': version,
          'pod-security.kubernetes.io/audit': PodSecurityLevel.RESTRICTED,
          'pod-security.kubernetes.io/audit-version': version,
          'pod-security.kubernetes.io/warn': PodSecurityLevel.RESTRICTED,
          'pod-security.kubernetes.io/warn-version': version,
        },
        annotations: props.waiver && {
          'bulwark.dev/waivers': `${props.waiver.reason} (${props.waiver.owner}, until ${props.waiver.expires})`,
        },
      },
    });
  }
}
