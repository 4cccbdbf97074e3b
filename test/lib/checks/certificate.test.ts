import { certificateLifetime } from '../../../lib/checks';

const { judge } = certificateLifetime({ scope: 'node', path: '/x/*.crt', days: 30 });
const ending = (notAfter: string) => ({ subject: 'CN=x', issuer: 'CN=y', sans: [], notAfter });
const at = '2026-01-01T00:00:00.000Z';

test('each certificate has its days left when it was seen', () => {
  expect(judge([ending('2026-01-31T00:00:00Z'), ending('2027-01-01T00:00:00Z')], at)).toEqual({
    verdict: 'pass',
    observed: '30 days left at least',
  });
  expect(judge([ending('2027-01-01T00:00:00Z'), ending('2026-01-30T23:59:59Z')], at)).toEqual({
    verdict: 'fail',
    observed: 'CN=x ends 2026-01-30T23:59:59Z',
  });
  expect(judge([ending('2025-12-31T00:00:00Z')], at).verdict).toBe('fail');
});

test('no certificate, no date and no time are no pass', () => {
  expect(judge([], at).verdict).toBe('fail');
  expect(judge([ending('')], at).verdict).toBe('fail');
  expect(judge([ending('2027-01-01T00:00:00Z')]).verdict).toBe('fail');
});
