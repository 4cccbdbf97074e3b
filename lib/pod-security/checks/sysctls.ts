import { fieldsOf, itemsOf, textOf } from '../../fields';
import type { PodCheck } from '../check';

/** Kernel parameters that belong to the pod alone. */
export const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];

export const sysctls: PodCheck = {
  id: 'sysctls',
  level: 'baseline',
  why: 'These settings are the node’s kernel’s, and so every pod’s.',
  fix: `set none but ${safeSysctls.join(', ')}`,
  judge: ({ securityContext }) => {
    const bad = itemsOf(securityContext.sysctls)
      .map((item, index) => ({ name: textOf(fieldsOf(item).name), path: `securityContext.sysctls[${index}].name` }))
      .filter(({ name }) => !safeSysctls.includes(name));
    if (bad.length === 0) return undefined;
    return {
      reason: 'forbidden sysctls',
      detail: bad.map(({ name }) => name).join(', '),
      paths: bad.map(({ path }) => path),
    };
  },
};
