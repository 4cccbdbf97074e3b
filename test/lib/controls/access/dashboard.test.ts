import subject from '../../../../lib/controls/access/dashboard';
import { verdictOn } from '../../../support/verdict-on';

test('holds where no pod of a dashboard is seen', () => {
  expect(verdictOn(subject, { objects: [] })).toBe('pass');
  expect(verdictOn(subject, { objects: [{ metadata: { name: 'kubernetes-dashboard-x', namespace: 'web' } }] })).toBe(
    'fail',
  );
});
