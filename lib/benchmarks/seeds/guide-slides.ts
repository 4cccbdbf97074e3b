import { inSection } from './in-section';

/** Document 002. */
export const guideSlides = [
  ...inSection('Kubernetes hardening guidance', [
    { id: 'scanning', title: 'Images and pods are scanned for flaws', open: 'Images of users are not scanned.' },
    { id: 'least-privilege', title: 'Containers run with the least privileges' },
    { id: 'network-separation', title: 'The network is divided, so that damage stays small' },
    { id: 'firewalls', title: 'Firewalls close what need not be reached' },
    { id: 'encryption', title: 'Traffic is encrypted' },
    { id: 'strong-authentication', title: 'Authentication is strong, and rights are limited' },
    { id: 'audit', title: 'Activity is logged' },
    { id: 'alerts', title: 'Suspicious activity raises an alert', open: 'No alert is raised yet.' },
    { id: 'periodic-review', title: 'Settings are reviewed again and again' },
    { id: 'patches', title: 'Security fixes are applied' },
  ]),
  ...inSection('Network policies', [
    { id: 'policy-plugin', title: 'The pod network is one that enforces policies' },
    { id: 'isolation', title: 'Pods are isolated in both directions' },
  ]),
  ...inSection('K8s objects: security', [
    { id: 'security-context', title: 'Pods run as ordinary users without new privileges' },
    {
      id: 'read-only-root',
      title: 'Root file systems of containers are read-only',
      open: 'The restricted standard does not ask for it, and no policy of ours does.',
    },
    { id: 'service-accounts', title: 'Pods have identities that carry no needless rights' },
    { id: 'rbac', title: 'Roles grant what is needed' },
  ]),
  ...inSection('Kube API server login', [
    { id: 'requests-authenticate', title: 'Every request is authenticated, or is anonymous and gets nothing' },
  ]),
  ...inSection('Chaos engineering', [
    {
      id: 'chaos',
      title: 'Resilience is shown by experiments',
      deviation: 'The end-to-end tests kill, reboot and break a lab; nothing is broken on users’ clusters.',
    },
  ]),
  ...inSection('DDoS', [{ id: 'floods', title: 'Floods of requests do not stop the cluster' }]),
  ...inSection('Falco', [
    { id: 'falco', title: 'Attacks on running workloads are noticed', open: 'No runtime detection.' },
  ]),
  ...inSection('Polaris', [
    {
      id: 'polaris',
      title: 'Workloads are held against policies',
      deviation: 'Admission of Kubernetes itself does it (admission/pod-security); no further engine is installed.',
    },
  ]),
];
