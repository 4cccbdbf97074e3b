import { wantsColour } from '../../cli/console';
import { duration } from '../../cli/duration';
import { Progress } from '../../cli/progress';

function recorder(isTTY: boolean) {
  const texts: string[] = [];
  return { texts, stream: { isTTY, columns: 40, write: (text: string) => texts.push(text) } };
}

test('a log gets plain lines: the start with its estimate, each new detail, the end with its time', async () => {
  const { texts, stream } = recorder(false);
  const result = await new Progress(stream).step(
    'Build',
    async (report) => {
      report('kubelet');
      report('kubelet');
      report('etcd');
      return 7;
    },
    90,
  );
  expect(result).toBe(7);
  expect(texts).toEqual(['→ Build (about 1 min 30 s)\n', '  kubelet\n', '  etcd\n', '✔ Build (0 s)\n']);
});

test('a terminal gets one living line, no wider than it is', async () => {
  jest.useFakeTimers();
  const { texts, stream } = recorder(true);
  const step = new Progress(stream).step(
    'Build',
    (report) =>
      new Promise<void>((done) => {
        report('a detail that is longer than the forty columns of the terminal');
        setTimeout(done, 350);
      }),
  );
  await jest.advanceTimersByTimeAsync(400);
  await step;
  jest.useRealTimers();
  const living = texts.slice(0, -1);
  expect(living).toHaveLength(3);
  for (const text of living) {
    expect(text.startsWith('\r\x1b[K')).toBe(true);
    expect(text.replace('\r\x1b[K', '').length).toBeLessThan(40);
  }
  expect(texts.at(-1)).toBe('\r\x1b[K✔ Build (0 s)\n');
});

test('a failed step is marked and its error passed on', async () => {
  const { texts, stream } = recorder(false);
  const failure = new Progress(stream).step('Build', async () => {
    throw new Error('no');
  });
  await expect(failure).rejects.toThrow('no');
  expect(texts.at(-1)).toBe('✖ Build (0 s)\n');
});

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [125, '2 min 5 s'],
  [3840, '1 h 4 min'],
])('%d seconds read %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test('colour is for terminals only, and NO_COLOR turns it off', () => {
  expect(wantsColour({ isTTY: true }, {})).toBe(true);
  expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(wantsColour({}, {})).toBe(false);
});
