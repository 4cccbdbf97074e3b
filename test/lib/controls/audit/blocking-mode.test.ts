import subject from '../../../../lib/controls/audit/blocking-mode';
import { auditLog } from '../../../../lib/node-paths';
import { verdictOn } from '../../../support/verdict-on';

const apiServer = (...args: readonly string[]) => ({
  process: [{ pid: 1, uid: 0, args: ['kube-apiserver', ...args] }],
});

describe('audit/blocking-mode', () => {
  test('passes the default', () => {
    expect(verdictOn(subject, apiServer(`--audit-log-path=${auditLog}`))).toBe('pass');
  });

  test('passes the mode by name', () => {
    expect(verdictOn(subject, apiServer(`--audit-log-path=${auditLog}`, '--audit-log-mode=blocking'))).toBe('pass');
  });

  test('fails batches', () => {
    expect(verdictOn(subject, apiServer(`--audit-log-path=${auditLog}`, '--audit-log-mode=batch'))).toBe('fail');
  });

  test('fails a server without a log', () => {
    expect(verdictOn(subject, apiServer())).toBe('fail');
  });
});
