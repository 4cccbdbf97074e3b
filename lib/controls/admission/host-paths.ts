import { dryRunAccepted, dryRunRefused } from '../../checks';
import type { Json } from '../../settings/setting';
import { control } from '../control';
import { microsoft, owasp, seed } from '../sources';

const volumeOf = (source: { readonly [key: string]: Json }): Json => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'bulwark-probe-volume' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '1Gi' },
    storageClassName: 'bulwark-probe',
    ...source,
  },
});

export default control({
  id: 'admission/host-paths',
  title: 'No volume of the cluster, and no pod at level privileged, reaches the keys of a node',
  why: 'Pod Security refuses hostPath in a pod but not behind a PersistentVolumeClaim, and refuses nothing in a namespace at level privileged.',
  cost: 'hostPath PersistentVolumes do not exist (local volumes lie below /mnt or /srv), and node agents mount the directory that they read instead of the root. A link that somebody else planted on the node is followed.',
  severity: 'critical',
  threats: ['user', 'admin', 'supply-chain'],
  stops: ['A08'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [microsoft('MS-M9013'), owasp('K04'), seed('000/privileged-containers')],
  stock: 'differs',
  settings: () => [{ kind: 'platform-feature', feature: 'host-paths' }],
  checks: () => [
    dryRunRefused({
      object: volumeOf({ hostPath: { path: '/etc/kubernetes' } }),
      what: 'a PersistentVolume of the node’s keys',
      reason: 'admission/host-paths',
    }),
    // 192.0.2.0/24 is reserved for documentation.
    dryRunAccepted({
      object: volumeOf({ nfs: { server: '192.0.2.1', path: '/export' } }),
      what: 'the same volume of a file server',
    }),
  ],
});
