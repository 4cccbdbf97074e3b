import { versionFloor } from '../../checks';
import { control } from '../control';
import { cve, nsa, seed, stig } from '../sources';

export default control({
  id: 'runtime/versions',
  title: 'runc and containerd have the fixes of 2025',
  why: 'CVE-2025-31133, CVE-2025-52565 and CVE-2025-52881 let a container write to the host’s /proc.',
  cost: 'Programs of the distribution may be older; ours are built from source.',
  severity: 'critical',
  threats: ['user', 'supply-chain'],
  stops: ['A43'],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cve('CVE-2025-31133'),
    cve('CVE-2025-52565'),
    cve('CVE-2025-52881'),
    stig('V-242443'),
    nsa('upgrade'),
    seed('002/patches'),
    seed('003/runtime-updates'),
  ],
  stock: 'same',
  // The release pins the versions, and the artifact index their digests.
  settings: () => [],
  checks: () => [
    versionFloor({ program: 'runc', floors: ['1.2.8', '1.3.3'] }),
    versionFloor({ program: 'containerd', floors: ['1.7.29', '2.0.7', '2.1.5'] }),
  ],
});
