import { programsUnchanged } from '../../checks';
import { control } from '../control';
import { nsa, owasp, seed } from '../sources';

export default control({
  id: 'node/program-digests',
  title: 'The node’s programs are, byte by byte, the artifacts that were installed',
  why: 'A program that is replaced by hand, by a package or by an intruder keeps its name, and its version says what it likes.',
  cost: 'Each look reads about 300 MB on every node. The record lies on the node: it finds what was replaced, not a root who changes the record too.',
  severity: 'high',
  threats: ['supply-chain', 'admin'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('upgrade'), owasp('K02'), seed('003/runtime-updates')],
  // A stock node keeps no record to compare with.
  stock: 'differs',
  // Artifacts are verified and installed by digest whatever the controls.
  settings: () => [],
  checks: () => [programsUnchanged()],
});
