import { metricFresh } from '../../../lib/checks';

const check = metricFresh({ scope: 'control-plane', path: '/m.prom', metric: 'seen_seconds', seconds: 7200 });
const at = '1970-01-01T10:00:00Z';

test.each([
  ['# HELP seen_seconds x\nseen_seconds 36000\n', 'pass', '0 min old'],
  ['seen_seconds 28800\n', 'pass', '120 min old'],
  ['seen_seconds 28799\n', 'fail', '2 h old'],
  ['other_seen_seconds 36000\n', 'fail', 'no such metric'],
  ['', 'fail', 'no such metric'],
  [null, 'fail', 'no such file'],
])('%j is a %s: %s', (text, verdict, observed) => {
  expect(check.judge(text, at)).toEqual({ verdict, observed });
});

test('without a time nothing is fresh', () => {
  expect(check.judge('seen_seconds 36000\n')).toMatchObject({ verdict: 'fail' });
});
