import { inSection } from './in-section';

const code = 'Concerns the code of users, which a cluster does not see.';

/** Document 001. */
export const guideNotes = [
  ...inSection('k8s cluster', [
    { id: 'api-tls', title: 'All traffic of the API is TLS' },
    { id: 'ingress-tls', title: 'All published traffic is TLS', open: 'No gateway is provisioned.' },
    { id: 'api-access', title: 'Requests to the API are authenticated and authorized' },
    { id: 'kubelet-access', title: 'Kubelets are closed to callers without credentials' },
    { id: 'resource-quota', title: 'Namespaces have quotas and limits', open: 'No quota and no default limits yet.' },
    { id: 'pod-policies', title: 'A policy limits what a workload may do at run time' },
    {
      id: 'kernel-modules',
      title: 'Containers cannot make the kernel load modules',
      open: 'The restricted standard takes the capability away; modules that the kernel loads on demand are not blocked.',
    },
    { id: 'network-access', title: 'Access over the network is limited' },
    {
      id: 'application-secrets',
      title: 'Secrets of applications are managed',
      open: 'Secrets are encrypted at rest; their use and rotation are up to the applications.',
    },
    { id: 'network-policies', title: 'Network policies are in force' },
    { id: 'etcd-encryption', title: 'What etcd stores is encrypted' },
    { id: 'audit', title: 'The audit log is on' },
    { id: 'rotation', title: 'Credentials are renewed' },
  ]),
  ...inSection('container', [
    { id: 'security-context', title: 'Containers have a security context' },
    { id: 'capabilities', title: 'Containers have few capabilities' },
    { id: 'security-module', title: 'A security module of the kernel confines containers' },
    { id: 'image-signing', title: 'Only signed images run', open: 'Signatures are not checked.' },
  ]),
  ...inSection('code', [
    { id: 'code-tls', title: 'Applications are reached over TLS only', deviation: code },
    { id: 'port-ranges', title: 'Few ports are open', deviation: `${code} Nodes open only the ports that are needed.` },
    { id: 'dependencies', title: 'Dependencies are kept free of known flaws', deviation: code },
    { id: 'static-analysis', title: 'Code is analysed', deviation: code },
    { id: 'dynamic-probing', title: 'Running applications are probed', deviation: code },
  ]),
  ...inSection('authorization', [{ id: 'denied-by-default', title: 'What no policy allows is denied' }]),
  ...inSection('CSR', [{ id: 'kubelet-csr', title: 'Kubelets ask for their certificates, and somebody judges it' }]),
];
