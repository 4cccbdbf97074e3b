import type { Mutation, Place } from './mutation';
import { until } from './scripts';

const open = (on: 'control-plane' | 'worker', control: string, port: string, seenOn?: readonly Place[]): Mutation => ({
  control,
  what: `${port} open to everybody`,
  on,
  touches: 'packet filter',
  script: `nft insert rule inet bulwark input ${port} accept`,
  ...(seenOn && { seenOn }),
});

const wholeTable = 'The rules of all these ports stand in the one table.';

/** Kernel, units and packet filter of nodes. */
export const nodes: readonly Mutation[] = [
  {
    control: 'node/network-parameters',
    what: 'the kernel sends redirects',
    on: 'worker',
    touches: 'sysctl',
    script: 'sysctl -qw net.ipv4.conf.all.send_redirects=1',
  },
  {
    control: 'node/network-parameters',
    what: 'the kernel takes redirects, now and after a boot',
    on: 'control-plane',
    touches: 'sysctl',
    script:
      'echo net.ipv4.conf.all.accept_redirects = 1 >> /etc/sysctl.d/99-zz-bulwark.conf && sysctl -qw net.ipv4.conf.all.accept_redirects=1',
  },
  {
    control: 'kubelet/certificate-approver',
    what: 'the approver is stopped and disabled',
    on: 'control-plane',
    touches: 'bulwark-csr-approver.service',
    script: `systemctl disable --quiet --now bulwark-csr-approver.service && ${until('! systemctl is-active --quiet bulwark-csr-approver')}`,
  },
  {
    control: 'network/kubelet-firewall',
    what: 'the table of the packet filter is deleted',
    on: 'worker',
    touches: 'packet filter',
    script: 'nft delete table inet bulwark',
    also: [
      { control: 'network/overlay-firewall', why: wholeTable },
      { control: 'network/ssh-firewall', why: wholeTable },
    ],
  },
  {
    control: 'network/api-server-firewall',
    what: 'the service of the packet filter is stopped',
    on: 'worker',
    touches: 'packet filter',
    script: 'systemctl stop bulwark-firewall.service',
    also: [
      { control: 'network/kubelet-firewall', why: wholeTable },
      { control: 'network/overlay-firewall', why: wholeTable },
      { control: 'network/ssh-firewall', why: wholeTable },
    ],
  },
  {
    control: 'network/api-server-firewall',
    what: 'the packet filter stays away at the next boot',
    on: 'control-plane',
    touches: 'bulwark-firewall.service',
    script: 'systemctl disable --quiet bulwark-firewall.service',
  },
  {
    control: 'node/program-digests',
    what: 'a byte more in kubeadm',
    on: 'control-plane',
    touches: 'kubeadm',
    script: 'printf x >> "$(command -v kubeadm)"',
  },
  open('worker', 'network/kubelet-firewall', 'tcp dport 10250'),
  open('worker', 'network/overlay-firewall', 'udp dport 8472'),
  open('control-plane', 'network/ssh-firewall', 'tcp dport 22'),
  open('control-plane', 'network/api-server-firewall', 'tcp dport 6443'),
  open('control-plane', 'network/etcd-firewall', 'tcp dport 2379', ['control-plane', 'workers']),
];
