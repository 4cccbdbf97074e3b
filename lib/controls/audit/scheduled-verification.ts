import { accessAllowed, accessDenied, metricFresh, unitActive } from '../../checks';
import {
  collectorUser,
  intervalSeconds,
  metricsFile,
  verifier as user,
  verificationTimer,
} from '../../verification/schedule';
import { control } from '../control';
import { seed } from '../sources';

export default control({
  id: 'audit/scheduled-verification',
  title: 'Each control plane judges itself on a schedule, and its metrics say what it found',
  why: 'A setting that somebody loosens by hand stays loose until the next look; a timer looks while the operator sleeps.',
  cost: 'Node.js of Debian on control planes: 90 MB of disk; each run takes 1.5 s of CPU and 70 MB of memory for some seconds. Workers, Secrets, etcd and admission are seen by `bulwark verify` only. Root on the control plane can stop it or write what it likes; an alert on old evidence notices the first.',
  severity: 'medium',
  threats: ['admin', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [seed('002/periodic-review')],
  stock: 'differs',
  appliesTo: ({ spec }) => spec.verification !== undefined,
  settings: ({ spec: { verification } }) =>
    verification === undefined
      ? []
      : [
          { kind: 'node-service', service: 'verification', roles: ['control-plane'] },
          { kind: 'platform-feature', feature: 'verifier-rbac' },
          { kind: 'system-user', name: collectorUser, home: '/nonexistent', roles: ['control-plane'] },
          {
            kind: 'directory',
            path: verification.metricsDirectory,
            mode: '0755',
            owner: 'root',
            group: 'root',
            roles: ['control-plane'],
          },
        ],
  checks: ({ spec: { verification } }) =>
    verification === undefined
      ? []
      : [
          unitActive({ unit: verificationTimer, scope: 'control-plane' }),
          metricFresh({
            scope: 'control-plane',
            path: metricsFile(verification),
            metric: 'bulwark_evidence_timestamp_seconds',
            seconds: 2 * intervalSeconds[verification.schedule],
          }),
          accessAllowed({ user, verb: 'get', resource: 'nodes', subresource: 'configz' }),
          accessDenied({ user, verb: 'create', resource: 'nodes', subresource: 'proxy' }),
          accessDenied({ user, verb: 'list', resource: 'secrets' }),
          accessDenied({ user, verb: 'create', resource: 'pods' }),
        ],
});
