import { packageFloor } from '../../checks';
import { fixedPackages } from '../../release';
import { control } from '../control';
import { cve, nsa, seed, stig } from '../sources';

export default control({
  id: 'node/package-fixes',
  title: 'Packages of the distribution have the fixes of known ways to root on the node',
  why: 'A race in the SSH server of 2024 gives root to whoever reaches the port; flaws in sudo and the C library give it to local users.',
  cost: 'A short list of packages and of Debian 12 only; it takes no update off the operator’s hands, and says nothing of the running kernel.',
  severity: 'high',
  threats: ['external', 'user'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    stig('V-242443'),
    nsa('upgrade'),
    seed('002/patches'),
    ...fixedPackages.flatMap(({ mends }) => mends.map(({ id }) => cve(id))),
  ],
  stock: 'same',
  // The operator's updates bring them. An upgrade of packages in passing could restart what a cluster runs on.
  settings: () => [],
  checks: () => fixedPackages.map(packageFloor),
});
