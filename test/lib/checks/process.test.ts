import { flagValues, processArg, processArgList, processArgsAbsent } from '../../../lib/checks';

const scope = 'control-plane';
const process = 'kube-apiserver';
const running = (...args: string[]) => [{ pid: 1, uid: 0, args: ['kube-apiserver', ...args] }];

describe('flagValues', () => {
  test.each([
    [['--profiling=false'], ['false']],
    [['-profiling=false'], ['false']],
    [['--profiling', 'false'], ['false']],
    [['--profiling'], ['true']],
    [['--profiling', '--v=2'], ['true']],
    [
      ['--profiling=true', '--profiling=false'],
      ['true', 'false'],
    ],
    [['--contention-profiling=true'], []],
    [['profiling=false'], []],
  ])('%j gives %j', (args, values) => {
    expect(flagValues(args, 'profiling')).toEqual(values);
  });
});

describe('processArg', () => {
  const { judge } = processArg({ scope, process, name: 'profiling', value: 'false' });

  test('passes for the value', () => {
    expect(judge(running('--profiling=false'))).toEqual({ verdict: 'pass', observed: '--profiling=false' });
  });

  test('lets the last value count, as the program does', () => {
    expect(judge(running('--profiling=false', '--profiling=true')).verdict).toBe('fail');
  });

  test('fails without the flag and without the process', () => {
    expect(judge(running())).toEqual({ verdict: 'fail', observed: 'no --profiling' });
    expect(judge([])).toEqual({ verdict: 'fail', observed: 'no kube-apiserver process' });
  });

  test('fails when one of several processes has another value', () => {
    expect(judge([...running('--profiling=false'), ...running('--profiling=true')]).verdict).toBe('fail');
  });
});

describe('processArgList', () => {
  const { judge } = processArgList({
    scope,
    process,
    name: 'enable-admission-plugins',
    members: ['NodeRestriction'],
    excluded: ['AlwaysAdmit'],
  });

  test('passes where every member is listed and none that is excluded', () => {
    expect(judge(running('--enable-admission-plugins=EventRateLimit,NodeRestriction')).verdict).toBe('pass');
  });

  test('fails for a missing and for an excluded member', () => {
    expect(judge(running('--enable-admission-plugins=NodeRestrictionX')).verdict).toBe('fail');
    expect(judge(running('--enable-admission-plugins=NodeRestriction,AlwaysAdmit')).verdict).toBe('fail');
    expect(judge(running()).verdict).toBe('fail');
  });
});

describe('processArgsAbsent', () => {
  const { judge } = processArgsAbsent({ scope, process, names: ['token-auth-file'] });

  test('fails for the flag, and where no process runs', () => {
    expect(judge(running('--v=2')).verdict).toBe('pass');
    expect(judge(running('--token-auth-file=/tokens')).verdict).toBe('fail');
    expect(judge([]).verdict).toBe('fail');
  });
});
