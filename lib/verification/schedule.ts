import type { Probe } from '../checks/probe';
import type { ClusterSpec } from '../spec/cluster-spec';

/** The spec's part about scheduled verification. */
export type VerificationSpec = NonNullable<ClusterSpec['verification']>;

/** User that the scheduled verification asks the API as. Its rights are what its probes need. */
export const verifier = 'bulwark:verifier';

/** Account on the node that the collector runs as. systemd answers nobody whom it finds in no list of accounts. */
export const collectorUser = 'bulwark-observe';

export const verificationTimer = 'bulwark-verify.timer';

/** Longest time between two runs. */
export const intervalSeconds: Readonly<Record<VerificationSpec['schedule'], number>> = {
  hourly: 3600,
  daily: 24 * 3600,
  weekly: 7 * 24 * 3600,
};

/** The file that the scheduled verification leaves. */
export const metricsFile = ({ metricsDirectory }: VerificationSpec): string => `${metricsDirectory}/bulwark.prom`;

/**
 * Why the scheduled verification leaves a probe out: it would need more than an unattended service may have.
 * `bulwark verify` runs them all.
 *
 * @returns undefined where the probe is run
 */
export function outOfSight(probe: Probe, verification: VerificationSpec | undefined): string | undefined {
  switch (probe.kind) {
    case 'audit-canary':
      return 'needs the right to write a Secret';
    case 'board':
      return 'needs root, for the journal and for what was measured of the disk';
    case 'dry-run':
      return 'needs the right to create what it tries';
    case 'etcd':
      return 'needs a client certificate that may write all of etcd';
    case 'programs':
      return 'needs the right to read what root keeps about the node';
    case 'http':
      if (probe.socket !== undefined) return 'needs a socket that only root may open';
      return probe.client === 'admin' ? 'needs an administrator’s certificate' : undefined;
    case 'objects':
      return probe.resource === 'secrets' ? 'needs the right to read the values of Secrets' : undefined;
    case 'file-text':
      return verification && probe.path === metricsFile(verification)
        ? 'is about the run before; an alert watches it'
        : undefined;
    default:
      return undefined;
  }
}
