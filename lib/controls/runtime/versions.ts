import { versionFloor } from '../../checks';
import { fixedVersions } from '../../release';
import { control } from '../control';
import { cve, nsa, seed, stig } from '../sources';

export default control({
  id: 'runtime/versions',
  title: 'runc, containerd and the kubelet have the fixes of known ways onto the node',
  why: 'Through the weaknesses of 2025 in runc a container writes to the host’s /proc; containerd’s open its files to local users, the kubelet’s fills the node’s disk.',
  cost: 'Programs of the distribution may be older; ours are built from source.',
  severity: 'critical',
  threats: ['user', 'supply-chain'],
  stops: ['A43'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    stig('V-242443'),
    nsa('upgrade'),
    seed('002/patches'),
    seed('003/runtime-updates'),
    ...fixedVersions.flatMap(({ mends }) => mends.map(({ id }) => cve(id))),
  ],
  stock: 'same',
  // The release pins the versions, and the artifact index their digests.
  settings: () => [],
  checks: () => fixedVersions.map(versionFloor),
});
