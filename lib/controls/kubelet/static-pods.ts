import { kubeletConfig } from '../../checks';
import { control } from '../control';
import { kubernetes, stig } from '../sources';

export default control({
  id: 'kubelet/static-pods',
  title: 'Workers run no static pods',
  why: 'A file dropped into the manifest directory runs as a privileged pod that no admission control ever sees.',
  cost: 'No static pods of your own on workers; use a DaemonSet.',
  severity: 'high',
  threats: ['external', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [stig('V-242397'), kubernetes('api-server-bypass-risks: static pods')],
  stock: 'differs',
  appliesTo: ({ workers }) => workers.length > 0,
  // kubeadm fills an empty field with its default, so that only a patch takes it away.
  settings: () => [{ kind: 'kubelet-patch', roles: ['worker'], op: 'remove', pointer: '/staticPodPath' }],
  checks: (cluster) =>
    kubeletConfig(cluster, { role: 'worker', path: 'staticPodPath', value: '', accepts: (value) => !value }),
});
