import { imagesOf } from '../../lib/release';
import type { ResolvedCluster } from '../../lib/resolved-cluster';
import type { Setting } from '../../lib/settings/setting';

const runc = ['plugins', 'io.containerd.cri.v1.runtime', 'containerd', 'runtimes', 'runc'];

/** What every kubeadm cluster needs, hardened or not. */
export function baseSettings(cluster: ResolvedCluster): readonly Setting[] {
  const settings: Setting[] = [
    { kind: 'sysctl', name: 'net.ipv4.ip_forward', value: '1' },
    { kind: 'kernel-module', name: 'overlay', state: 'loaded' },
    { kind: 'kubelet-field', path: 'cgroupDriver', value: 'systemd' },
    { kind: 'containerd-field', path: ['version'], value: 3 },
    { kind: 'containerd-field', path: [...runc, 'runtime_type'], value: 'io.containerd.runc.v2' },
    { kind: 'containerd-field', path: [...runc, 'options', 'SystemdCgroup'], value: true },
    {
      kind: 'containerd-field',
      path: ['plugins', 'io.containerd.cri.v1.images', 'pinned_images', 'sandbox'],
      value: imagesOf(cluster.release).pause,
    },
  ];
  if (cluster.keepsKubeProxy) {
    settings.push(
      // kube-proxy's rules see the traffic of a bridge only through this module.
      { kind: 'kernel-module', name: 'br_netfilter', state: 'loaded' },
      { kind: 'sysctl', name: 'net.bridge.bridge-nf-call-iptables', value: '1' },
    );
  }
  return settings;
}
