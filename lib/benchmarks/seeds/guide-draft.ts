import { inSection } from './in-section';

/** Document 000. */
export const guideDraft = [
  ...inSection('Threat Model', [
    {
      id: 'threat-models',
      title: 'The threats that are expected decide what is hardened first',
      deviation: 'Answered by the profiles `internet-facing` and `multi-team`, not by one control.',
    },
    { id: 'brute-force', title: 'An API server on the internet cannot be entered by guessing' },
    { id: 'taken-site', title: 'A taken web site does not lead on to the others' },
    { id: 'team-access', title: 'A team does not get at what belongs to another' },
    { id: 'noisy-neighbours', title: 'One application does not starve the others' },
  ]),
  ...inSection('Control Plane Configuration', [
    { id: 'etcd', title: 'etcd and its files are protected like the control plane' },
  ]),
  ...inSection('API Server Configuration', [
    { id: 'privileged-containers', title: 'Privileged containers are fenced by admission' },
    { id: 'anonymous-auth', title: 'Anonymous requests get nothing but what monitoring needs' },
    { id: 'authorization-mode', title: 'Requests are authorized by Node and RBAC alone' },
    { id: 'admission-plugins', title: 'The stock admission plugins and NodeRestriction are on' },
    { id: 'encryption-at-rest', title: 'Secrets, and what else is sensitive, are encrypted at rest' },
    { id: 'token-files', title: 'There is no file of static tokens' },
  ]),
  ...inSection('Scheduler Configuration', [{ id: 'scheduler', title: 'The scheduler has safe parameters' }]),
  ...inSection('Controller Manager Configuration', [
    { id: 'controller-manager', title: 'The controller manager has safe parameters' },
  ]),
  ...inSection('File Permissions', [
    { id: 'static-manifests', title: 'Only root writes the manifests of static pods' },
    { id: 'component-kubeconfigs', title: 'Only root reads the credentials of components' },
    { id: 'admin-kubeconfig', title: 'The administrator’s credential is kept away from the API servers' },
    { id: 'pki-files', title: 'Only root reads keys, and only root writes certificates' },
    { id: 'runtime-files', title: 'The socket and the configuration of the runtime are closed' },
  ]),
  ...inSection('Worker Node Configuration', [
    { id: 'worker-nodes', title: 'Kubelets, kube-proxy and the pod network are configured as carefully' },
    {
      id: 'windows',
      title: 'Windows nodes are covered as well',
      deviation: 'Windows nodes cannot be provisioned; host process containers are refused (admission/pod-security).',
    },
  ]),
  ...inSection('PKI Management', [
    { id: 'authority-keys', title: 'The keys of the authorities are in safe custody' },
    { id: 'separate-authorities', title: 'The authorities of the cluster and of etcd are apart' },
    { id: 'kubelet-certificate', title: 'Kubelets serve a certificate that is trusted' },
  ]),
  ...inSection('Cluster Authentication', [
    {
      id: 'external-authentication',
      title: 'People log in through an external provider',
      open: 'Issuers under `authentication.oidc` are rendered; no control sees them on the running cluster.',
    },
    { id: 'service-account-tokens', title: 'Tokens of service accounts are bounded' },
    { id: 'bootstrap-tokens', title: 'Bootstrap tokens do not stay' },
    { id: 'revocation', title: 'Credentials that nobody can revoke end by themselves' },
  ]),
  ...inSection('Authorization', [{ id: 'node-authorization', title: 'Nodes get only what belongs to their pods' }]),
  ...inSection('Workload Security Configuration', [
    { id: 'workload-security', title: 'Workloads run with security settings that fit their use' },
  ]),
  ...inSection('Network Policy Configuration', [
    { id: 'default-deny', title: 'Pods are closed in both directions until a policy opens them' },
    {
      id: 'metadata-services',
      title: 'Pods cannot reach the cloud’s metadata service',
      open: 'The default deny (network/default-deny) closes it; no control tries the address.',
    },
    { id: 'host-network', title: 'Pods do not evade policies by the host’s network' },
  ]),
  ...inSection('Resource Limits', [{ id: 'pid-limit', title: 'Limits of little risk, as that of processes, are set' }]),
  ...inSection('Kubernetes Audit Configuration', [
    { id: 'audit', title: 'An audit policy records what matters' },
    { id: 'remote-logs', title: 'Audit and component logs are kept elsewhere', open: 'Logs stay on the nodes.' },
  ]),
  ...inSection('Add-On configuration', [
    { id: 'add-ons', title: 'Add-ons such as CoreDNS are hardened', open: 'CoreDNS runs as kubeadm installs it.' },
  ]),
];
