import { unitActive } from '../../checks';
import { control } from '../control';
import { kubernetes, nsa } from '../sources';
import { bothRoles } from '../support/firewall';

export default control({
  id: 'node/time-sync',
  title: 'Nodes keep the time',
  why: 'Certificates, tokens and audit logs are worth as much as the clock.',
  cost: 'Nodes must reach a time server.',
  severity: 'medium',
  threats: ['external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('logging'), kubernetes('security-checklist: logs')],
  stock: 'differs',
  settings: () => [{ kind: 'node-service', service: 'time-sync', roles: bothRoles }],
  checks: () => [unitActive({ unit: 'systemd-timesyncd.service' })],
});
