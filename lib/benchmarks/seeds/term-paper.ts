import { inSection } from './in-section';

/** Document 004 without its appendix. */
export const termPaper = [
  ...inSection('4 Setting up a Kubernetes cluster', [
    { id: 'join-tokens', title: 'The token that joins nodes does not stay' },
    {
      id: 'network-manifest',
      title: 'The pod network comes from a place that is trusted',
      deviation: 'Its objects are part of the reviewed bundle, and its programs are verified by digest.',
    },
  ]),
  ...inSection('5.1–5.2 Attack 1: insecure defaults', [
    { id: 'default-accounts', title: 'Pods get no token unless they ask' },
    { id: 'account-rights', title: 'Service accounts have no rights by default' },
    { id: 'token-lifetime', title: 'A stolen token is soon worthless' },
    { id: 'api-firewall', title: 'The API server is closed to the world' },
  ]),
  ...inSection('5.3–5.4 Attack 2: liberal network policies', [
    { id: 'network-policies', title: 'Only pods that need a data store reach it' },
  ]),
  ...inSection('5.5–5.6 Attack 3: pod security', [
    { id: 'pod-policy', title: 'Pods with root rights or volumes of the host are refused' },
    { id: 'system-namespace', title: 'They are refused in kube-system as well' },
    {
      id: 'read-only-root',
      title: 'Root file systems of containers are read-only',
      open: 'The restricted standard does not ask for it, and no policy of ours does.',
    },
  ]),
  ...inSection('6 Discussion', [
    { id: 'component-defaults', title: 'Insecure defaults of components are changed' },
    { id: 'secure-communication', title: 'Traffic is encrypted, inside the cluster and to it' },
    { id: 'private-topology', title: 'Nodes are closed to the internet' },
    { id: 'bastion', title: 'SSH to nodes goes through a few known hosts' },
    { id: 'image-screening', title: 'Images are screened', open: 'Images of users are not screened.' },
    { id: 'private-registry', title: 'Images come from a registry of one’s own', open: 'No registry is provisioned.' },
    { id: 'etcd-isolation', title: 'Only the API server reaches etcd' },
    { id: 'kubelet-isolation', title: 'Kubelets are closed to all but the control plane' },
    { id: 'dashboard', title: 'A dashboard is protected' },
    { id: 'os-hardening', title: 'The operating system is hardened' },
    {
      id: 'os-updates',
      title: 'The operating system is small and kept up to date',
      open: 'Updates are up to its owner.',
    },
    {
      id: 'docker-benchmark',
      title: 'The CIS benchmark of Docker is met',
      deviation: 'Docker is not used; the files, the socket and the version of containerd have controls of their own.',
    },
    {
      id: 'os-benchmark',
      title: 'The CIS benchmark of the operating system is met',
      open: 'Kernel and network parameters are set; the rest of the operating system is up to its owner.',
    },
    { id: 'service-mesh', title: 'A service mesh secures services', open: 'No service mesh and no mutual TLS.' },
  ]),
];

/** Appendix A of document 004: the rows of kube-bench on a worker, by its numbers of 2018. */
export const kubeBench = inSection('A kube-bench', [
  { id: '2.1.1', title: 'No privileged containers' },
  { id: '2.1.2', title: 'Kubelets refuse anonymous requests' },
  { id: '2.1.3', title: 'Kubelets do not authorize every request' },
  { id: '2.1.4', title: 'Kubelets verify client certificates' },
  { id: '2.1.5', title: 'Kubelets have no read-only port' },
  { id: '2.1.6', title: 'Idle streams of kubelets end' },
  { id: '2.1.7', title: 'Kubelets insist on the kernel’s defaults' },
  { id: '2.1.8', title: 'Kubelets keep their iptables chains' },
  { id: '2.1.9', title: 'Kubelets do not override the host name' },
  { id: '2.1.10', title: 'Kubelets report events at a fitting rate' },
  { id: '2.1.11', title: 'Kubelets have a serving certificate' },
  {
    id: '2.1.12',
    title: 'Kubelets have no port of cAdvisor',
    deviation: 'The argument is gone from Kubernetes, and the port with it.',
  },
  { id: '2.1.13', title: 'Kubelets renew their client certificates' },
  { id: '2.1.14', title: 'Kubelets renew their serving certificates' },
  { id: '2.1.15', title: 'Kubelets use strong ciphers' },
  { id: '2.2.1', title: 'Mode of kubelet.conf' },
  { id: '2.2.2', title: 'Owner of kubelet.conf' },
  { id: '2.2.3', title: 'Mode of the kubelet’s unit' },
  { id: '2.2.4', title: 'Owner of the kubelet’s unit' },
  { id: '2.2.5', title: 'Mode of kube-proxy’s credentials' },
  { id: '2.2.6', title: 'Owner of kube-proxy’s credentials' },
  { id: '2.2.7', title: 'Mode of the file of client authorities' },
  { id: '2.2.8', title: 'Owner of the file of client authorities' },
  { id: '2.2.9', title: 'Owner of the kubelet’s configuration' },
  { id: '2.2.10', title: 'Mode of the kubelet’s configuration' },
]);
