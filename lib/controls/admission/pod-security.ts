import { dryRunAccepted, dryRunRefused, fileMode } from '../../checks';
import { control } from '../control';
import { cis, kubernetes, microsoft, nsa, owasp, seed, stig } from '../sources';
import { plainPod, rootMountPod } from '../support/pods';

const minorOf = (version: string): string => `v${version.split('.').slice(0, 2).join('.')}`;

export default control({
  id: 'admission/pod-security',
  title: 'Pods follow the restricted Pod Security Standard unless their namespace says otherwise',
  why: 'A privileged pod, or one that mounts the node’s root, owns the node.',
  cost: 'Images that run as root or need capabilities do not start; a namespace may be given a lower level in the spec. kube-system is exempt and has its own guard.',
  severity: 'critical',
  threats: ['user', 'external', 'supply-chain'],
  stops: ['A06', 'A09', 'A11', 'A12', 'A41', 'A42', 'A44'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('5.2.1'),
    ...['5.2.2', '5.2.3', '5.2.4', '5.2.5', '5.2.6', '5.2.7', '5.2.8', '5.2.9', '5.2.10', '5.2.11', '5.2.12'].map(cis),
    stig('V-254800'),
    stig('V-242437'),
    nsa('pod enforcement'),
    owasp('K04'),
    microsoft('MS-M9017'),
    kubernetes('Pod Security Standards'),
    cis('5.6.3'),
    stig('V-242414'),
    nsa('non-root containers'),
    microsoft('MS-M9013'),
    seed('000/taken-site'),
    seed('000/privileged-containers'),
    seed('000/workload-security'),
    seed('000/host-network'),
    seed('001/pod-policies'),
    seed('001/security-context'),
    seed('001/capabilities'),
    seed('002/least-privilege'),
    seed('002/security-context'),
    seed('003/non-root'),
    seed('003/pod-security'),
    seed('004/pod-policy'),
    seed('004/2.1.1'),
  ],
  stock: 'differs',
  settings: ({ release }) => {
    const version = minorOf(release.kubernetes);
    return [
      {
        kind: 'admission-plugin-configuration',
        plugin: 'PodSecurity',
        configuration: {
          apiVersion: 'pod-security.admission.config.k8s.io/v1',
          kind: 'PodSecurityConfiguration',
          defaults: {
            enforce: 'restricted',
            'enforce-version': version,
            audit: 'restricted',
            'audit-version': version,
            warn: 'restricted',
            'warn-version': version,
          },
          exemptions: { usernames: [], runtimeClasses: [], namespaces: ['kube-system'] },
        },
      },
    ];
  },
  checks: ({ release, paths }) => [
    dryRunRefused({
      object: rootMountPod('default'),
      what: 'a privileged pod with the node’s root in namespace default',
      reason: `violates PodSecurity "restricted:${minorOf(release.kubernetes)}"`,
    }),
    dryRunAccepted({ object: plainPod('default'), what: 'a restricted pod in namespace default' }),
    fileMode({ scope: 'control-plane', path: paths.admission, mode: '0600' }),
  ],
});
