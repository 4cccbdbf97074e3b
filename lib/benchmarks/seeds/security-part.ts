import { inSection } from './in-section';

const storage = 'No storage is provisioned.';

/** Document 003. */
export const securityPart = [
  ...inSection('Securing Kube-api server', [
    { id: 'api-access', title: 'It is settled who reaches the API server and what each may do' },
    { id: 'tls', title: 'All communication is TLS with certificates that are verified' },
  ]),
  ...inSection('Securing Controller Manager & Scheduler', [
    { id: 'isolation', title: 'Scheduler and controller manager are apart from workloads' },
    { id: 'component-rights', title: 'Both have only the rights that they need' },
    { id: 'component-tls', title: 'Both are reached over TLS by authorized callers only' },
    { id: 'component-audit', title: 'What both do is in the audit log' },
    { id: 'alerts', title: 'Suspicious activity raises an alert', open: 'No alert is raised yet.' },
  ]),
  ...inSection('Securing Kubelet', [
    { id: 'kubelet-anonymous', title: 'Kubelets refuse anonymous callers' },
    { id: 'kubelet-certificates', title: 'Kubelets and the API server know each other by certificates' },
    { id: 'kubelet-authorization', title: 'Kubelets ask what a caller may do' },
    { id: 'kubelet-read-only-port', title: 'The read-only port is closed' },
    { id: 'kubelet-logs', title: 'Kubelets do not give away the logs of the node' },
  ]),
  ...inSection('Securing Container runtime', [
    { id: 'runtime-updates', title: 'The runtime has the security fixes' },
    { id: 'non-root', title: 'Containers do not run as root' },
    {
      id: 'read-only-root',
      title: 'File systems of containers are read-only',
      open: 'The restricted standard does not ask for it, and no policy of ours does.',
    },
    {
      id: 'container-resources',
      title: 'Containers have limits of resources',
      open: 'Only processes are limited (kubelet/pod-pids-limit); no default for CPU and memory.',
    },
    { id: 'security-profiles', title: 'Security profiles limit what containers may do' },
    { id: 'central-logs', title: 'Logs are gathered in one place', open: 'Logs stay on the nodes.' },
    { id: 'runtime-monitoring', title: 'Behaviour at run time is watched', open: 'No runtime detection.' },
  ]),
  ...inSection('Securing Kube-proxy', [
    { id: 'kube-proxy-files', title: 'Credentials of kube-proxy are open to root only' },
    {
      id: 'kube-proxy-authority',
      title: 'kube-proxy verifies the API server',
      deviation: 'Cilium stands in for kube-proxy; where it is kept, kubeadm gives it the cluster’s authority.',
    },
  ]),
  ...inSection('Pod security', [{ id: 'pod-security', title: 'Admission refuses pods that break the policy' }]),
  ...inSection('Securing ETCD', [
    { id: 'etcd-encryption', title: 'What etcd stores is encrypted' },
    { id: 'etcd-tls', title: 'etcd and its clients and members know each other by certificates' },
    { id: 'etcd-backup', title: 'There are snapshots of etcd', open: 'No backup is made yet.' },
  ]),
  ...inSection('Securing container networking', [
    { id: 'network-deny', title: 'All traffic is denied until a policy allows it' },
    { id: 'service-mesh', title: 'Workloads authenticate each other', open: 'No service mesh and no mutual TLS.' },
    { id: 'network-encryption', title: 'Traffic between nodes is encrypted' },
  ]),
  ...inSection('Kubectl Proxy servers', [
    { id: 'kubeconfig-files', title: 'Files with credentials are guarded' },
    { id: 'port-forward', title: 'Port-forwards into the cluster are known' },
  ]),
  ...inSection('Securing Storage', [
    { id: 'storage-encryption', title: 'Volumes are encrypted', open: storage },
    { id: 'storage-limits', title: 'Throughput of volumes is limited', open: storage },
    { id: 'storage-access', title: 'Rights to volumes are limited', open: storage },
    { id: 'storage-backup', title: 'Volumes are backed up', open: storage },
  ]),
];
