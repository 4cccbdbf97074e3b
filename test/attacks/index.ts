import { admissionAttacks } from './admission';
import { apiAttacks } from './api';
import type { Attack } from './attack';
import { etcdAttacks } from './etcd';
import { networkAttacks } from './network';
import { nodeAttacks } from './nodes';
import { podAttacks } from './pods';
import { thesisAttacks } from './thesis';
import { tokenAttacks } from './tokens';

/** Every attack, the founding thesis' own first. */
export const attacks: readonly Attack[] = [
  ...thesisAttacks,
  ...tokenAttacks,
  ...podAttacks,
  ...admissionAttacks,
  ...apiAttacks,
  ...nodeAttacks,
  ...networkAttacks,
  ...etcdAttacks,
];
