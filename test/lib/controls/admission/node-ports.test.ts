import subject from '../../../../lib/controls/admission/node-ports';
import { verdictOn } from '../../../support/verdict-on';

test('holds where this very rule refuses what it tries', () => {
  const message = 'admission/node-ports: no';
  expect(verdictOn(subject, { 'dry-run': { accepted: false, message } })).toBe('pass');
  expect(verdictOn(subject, { 'dry-run': { accepted: true, message: '' } })).toBe('fail');
  expect(verdictOn(subject, { 'dry-run': { accepted: false, message: 'exceeded quota' } })).toBe('fail');
});
