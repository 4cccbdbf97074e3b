import { auditCanary, fileMode, processArg } from '../../checks';
import type { AuditRule, Json } from '../../settings/setting';
import { control } from '../control';
import { cis, nsa, owasp, seed, stig } from '../sources';

const rule = (order: number, body: Json): AuditRule => ({ kind: 'audit-rule', order, rule: body });

export default control({
  id: 'audit/changes',
  title: 'Every change, and every read of a Secret, is in the audit log',
  why: 'An attack is reconstructed from who changed or read what, and when.',
  cost: 'Events, leases and the status heartbeats of nodes are left out: they would be nine tenths of the log.',
  severity: 'high',
  threats: ['admin', 'user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('3.2.1'),
    cis('3.2.2'),
    stig('V-242403'),
    nsa('audit configuration'),
    owasp('K10'),
    stig('V-242461'),
    seed('000/audit'),
    seed('001/audit'),
    seed('003/component-audit'),
  ],
  stock: 'differs',
  // Rules are tried in order, the first that matches counts.
  settings: () => [
    rule(100, { level: 'None', nonResourceURLs: ['/livez*', '/readyz*', '/healthz*', '/version'] }),
    rule(110, { level: 'None', resources: [{ group: '', resources: ['events'] }, { group: 'events.k8s.io' }] }),
    rule(120, { level: 'None', resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }] }),
    rule(130, {
      level: 'None',
      userGroups: ['system:nodes'],
      verbs: ['update', 'patch'],
      resources: [{ group: '', resources: ['nodes/status'] }],
    }),
    rule(900, { level: 'Metadata' }),
  ],
  checks: ({ paths }) => [
    auditCanary(['create', 'get', 'delete']),
    processArg({
      scope: 'control-plane',
      process: 'kube-apiserver',
      name: 'audit-policy-file',
      value: paths.audit,
    }),
    fileMode({ scope: 'control-plane', path: paths.audit, mode: '0600' }),
  ],
});
