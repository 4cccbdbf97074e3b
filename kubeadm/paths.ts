import { apiServerDirectory, apiServerFiles, ownDirectory as root } from '../lib/node-paths';

/** Where our files stand on a node. */
export const paths = {
  root,
  kubeadm: `${root}/kubeadm`,
  init: `${root}/kubeadm/init.yaml`,
  join: `${root}/kubeadm/join.yaml`,
  upgrade: `${root}/kubeadm/upgrade.yaml`,
  /** Exists only while a node joins: it carries the join token. */
  discovery: `${root}/kubeadm/discovery.conf`,
  patches: `${root}/patches`,
  /** Mounted as a whole into kube-apiserver: a mounted file would pin its inode, and a reload would never see a change. */
  apiServer: apiServerDirectory,
  ...apiServerFiles,
  kubeletDropIns: '/etc/systemd/system/kubelet.service.d',
  approverNodes: `${root}/approver/nodes.json`,
  /** What the scheduled verification reads. */
  verification: `${root}/verification`,
  /** Programs of ours. */
  programs: '/usr/local/lib/bulwark',
  firewall: '/etc/nftables.d/bulwark.nft',
  registryHosts: '/etc/containerd/certs.d',
  resolvConf: `${root}/resolv.conf`,
  criSocket: 'unix:///run/containerd/containerd.sock',
} as const;
