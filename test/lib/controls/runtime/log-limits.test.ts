import subject from '../../../../lib/controls/runtime/log-limits';
import { verdictOn } from '../../../support/verdict-on';

describe('runtime/log-limits', () => {
  test('passes the limits', () => {
    expect(verdictOn(subject, { configz: { containerLogMaxSize: '10Mi', containerLogMaxFiles: 5 } })).toBe('pass');
  });

  test('fails larger files', () => {
    expect(verdictOn(subject, { configz: { containerLogMaxSize: '10Gi', containerLogMaxFiles: 5 } })).toBe('fail');
  });

  test('fails more files', () => {
    expect(verdictOn(subject, { configz: { containerLogMaxSize: '10Mi', containerLogMaxFiles: 500 } })).toBe('fail');
  });
});
