import { processArg, processArgList } from '../../checks';
import { control } from '../control';
import { nsa, owasp } from '../sources';

const of = { scope: 'control-plane', process: 'kube-apiserver' } as const;

export default control({
  id: 'audit/blocking-mode',
  title: 'Audit events are written before the API server goes on, not gathered in memory',
  why: 'In batch mode events are dropped under load, and lost when the server is killed: both are in an attacker’s hands.',
  cost: 'Each request waits for the disk. Where writing fails, the request is served all the same.',
  severity: 'medium',
  threats: ['admin', 'user', 'external'],
  stops: [],
  profiles: ['internet-facing', 'multi-team'],
  sources: [nsa('logging'), owasp('K10')],
  stock: 'differs',
  // Blocking is what the API server does with a log file unless it is told otherwise.
  settings: () => [],
  checks: ({ paths }) => [
    processArg({ ...of, name: 'audit-log-path', value: paths.auditLog }),
    processArgList({ ...of, name: 'audit-log-mode', excluded: ['batch'] }),
  ],
});
