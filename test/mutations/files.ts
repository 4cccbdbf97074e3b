import type { Mutation } from './mutation';

type Machine = 'control-plane' | 'worker';

/** Changes mode or owner of one path. */
const attributes = (on: Machine, control: string, command: 'chmod' | 'chown', to: string, path: string): Mutation => ({
  control,
  what: `${command} ${to} ${path}`,
  on,
  touches: path,
  script: `${command} ${to} ${path}`,
});

/** Leaves a credential where none may lie. */
const credential = (on: Machine, control: string, path: string): Mutation => ({
  control,
  what: `a credential in ${path}`,
  on,
  touches: path,
  script: `mkdir -p "$(dirname ${path})" && install -m 0600 /etc/kubernetes/kubelet.conf ${path}`,
});

/** Modes, owners and files that must not be there. */
export const files: readonly Mutation[] = [
  attributes('control-plane', 'pki/private-keys', 'chmod', '0644', '/etc/kubernetes/pki/apiserver.key'),
  attributes('control-plane', 'pki/certificates', 'chmod', '0666', '/etc/kubernetes/pki/etcd/ca.crt'),
  attributes('worker', 'pki/certificates', 'chmod', '0755', '/etc/kubernetes/pki'),
  attributes('control-plane', 'node/static-pod-manifests', 'chmod', '0755', '/etc/kubernetes/manifests'),
  {
    ...attributes('control-plane', 'node/static-pod-manifests', 'chown', 'ops', '/etc/kubernetes/manifests/etcd.yaml'),
    touches: 'etcd',
  },
  attributes('control-plane', 'node/kubeconfigs', 'chmod', '0644', '/etc/kubernetes/scheduler.conf'),
  attributes('worker', 'node/kubeconfigs', 'chown', 'ops', '/etc/kubernetes/kubelet.conf'),
  attributes('worker', 'node/kubelet-configuration', 'chmod', '0644', '/var/lib/kubelet/instance-config.yaml'),
  attributes('worker', 'node/kubelet-directory', 'chmod', '0777', '/var/lib/kubelet'),
  attributes('control-plane', 'node/kubelet-directory', 'chmod', '0644', '/var/lib/kubelet/pki/kubelet-client-2*.pem'),
  attributes('control-plane', 'node/kubelet-unit', 'chmod', '0644', '/etc/systemd/system/kubelet.service'),
  attributes('control-plane', 'etcd/data-directory', 'chown', 'ops', '/var/lib/etcd'),
  attributes('worker', 'network/cni-files', 'chmod', '0755', '/etc/cni/net.d'),
  attributes('control-plane', 'audit/log', 'chmod', '0644', '/var/log/kubernetes/audit/audit.log'),
  {
    ...attributes(
      'control-plane',
      'audit/changes',
      'chmod',
      '0644',
      '/etc/kubernetes/bulwark/apiserver/audit/policy.yaml',
    ),
    touches: 'audit policy',
  },
  attributes(
    'control-plane',
    'secrets/encryption-at-rest',
    'chmod',
    '0640',
    '/etc/kubernetes/bulwark/apiserver/encryption/config.yaml',
  ),
  credential('control-plane', 'access/admin-credentials', '/etc/kubernetes/admin.conf'),
  credential('worker', 'access/admin-credentials', '/root/.kube/config'),
  credential('worker', 'access/bootstrap-tokens', '/etc/kubernetes/bootstrap-kubelet.conf'),
];
