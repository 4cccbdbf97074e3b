import { posix } from 'node:path';
import { auditCanary, fileMode, processArg } from '../../checks';
import { auditLog, auditLogDirectory } from '../../node-paths';
import { control } from '../control';
import { cis, nsa, owasp, seed, stig } from '../sources';
import { argument } from '../support/arguments';

export default control({
  id: 'audit/log',
  title: 'The API server writes an audit log that only root reads',
  why: 'Without it nobody can tell afterwards who did what.',
  cost: 'Disk space on the control planes (about 1 GiB at most), and a full disk stops the API server.',
  severity: 'high',
  threats: ['admin', 'user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [
    cis('1.2.16'),
    stig('V-242402'),
    stig('V-242465'),
    nsa('logging'),
    owasp('K10'),
    seed('000/audit'),
    seed('001/audit'),
    seed('002/audit'),
  ],
  stock: 'differs',
  settings: () => [
    argument('kube-apiserver', 'audit-log-path', auditLog),
    // A missing directory stops the API server; one that the kubelet makes for the mount would be open to all.
    {
      kind: 'directory',
      path: auditLogDirectory,
      mode: '0700',
      owner: 'root',
      group: 'root',
      roles: ['control-plane'],
    },
    // The API server makes the log so by itself.
    { kind: 'file-mode', path: auditLog, mode: '0600', owner: 'root', group: 'root', roles: ['control-plane'] },
    {
      kind: 'static-pod-mount',
      component: 'kube-apiserver',
      name: 'audit-log',
      hostPath: auditLogDirectory,
      mountPath: auditLogDirectory,
      readOnly: false,
      pathType: 'Directory',
    },
  ],
  checks: ({ paths }) => [
    auditCanary(['create', 'get', 'delete']),
    processArg({
      scope: 'control-plane',
      process: 'kube-apiserver',
      name: 'audit-log-path',
      value: paths.auditLog,
    }),
    fileMode({ scope: 'control-plane', path: posix.dirname(paths.auditLog), mode: '0700' }),
    fileMode({ scope: 'control-plane', path: paths.auditLog, mode: '0600' }),
  ],
});
