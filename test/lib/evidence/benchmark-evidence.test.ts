import { benchmarks } from '../../../lib/benchmarks';
import { catalogue } from '../../../lib/controls/registry';
import { type BenchmarkEvidence, benchmarkEvidence, benchmarkNames, standingOf } from '../../../lib/evidence';
import { formats } from '../../../lib/evidence/formats';
import { exampleEvidence } from '../../support/evidence';

const evidence = exampleEvidence('stock');

test('the founding documents go by the name seeds', () => {
  expect(benchmarkNames).toEqual(['cis', 'stig', 'nsa', 'owasp', 'microsoft', 'seeds']);
  expect(() => benchmarkEvidence('sees', catalogue, evidence)).toThrow('sees');
});

describe.each(benchmarkNames)('%s', (name) => {
  const benchmark = benchmarkEvidence(name, catalogue, evidence);

  test('loses no demand, and each stands by a verdict, by a text or by a control of another profile', () => {
    const list = benchmarks[benchmarkNames.indexOf(name)];
    expect(benchmark.demands.map(({ id }) => id)).toEqual(list?.demands.map(({ id }) => id));
    for (const demand of benchmark.demands) {
      if (demand.state === 'covered') expect(demand.controls.length).toBeGreaterThan(0);
      else expect({ ...demand, text: (demand.text ?? '').length > 10 }).toMatchObject({ controls: [], text: true });
    }
  });

  test.each(Object.keys(formats))('%s carries every demand', (format) => {
    const text = formats[format]?.({ evidence, benchmark, version: '0.0.0' }) ?? '';
    // OSCAL's tokens have neither slashes nor blanks; Markdown escapes.
    const plain = text.replace(/\\/g, '');
    const form = (id: string) => (format === 'oscal' ? `${name}.${id}`.replace(/[^\w.-]/g, '.') : id);
    expect(benchmark.demands.map(({ id }) => form(id)).filter((id) => !plain.includes(id))).toEqual([]);
  });
});

test('a demand stands as the most pressing of its controls, and never better than what was seen', () => {
  const [one, two] = evidence.controls.filter(({ verdict }) => verdict === 'pass');
  const failing = evidence.controls.find(({ verdict }) => verdict === 'fail');
  const serving = (list: string, ...ids: (string | undefined)[]) =>
    ids.map((id) => ({ id: id ?? '', sources: [{ list: 'owasp', id: list }] as never }));
  const { demands } = benchmarkEvidence(
    'owasp',
    [
      ...serving('K01', one?.id, failing?.id),
      ...serving('K02', two?.id, 'strict/not-active'),
      ...serving('K03', 'strict/not-active'),
    ],
    evidence,
  );
  expect(demands.slice(0, 4).map(standingOf)).toEqual(['fail', 'pass', 'off', 'open']);
  expect(demands[1]?.controls).toEqual([{ id: two?.id, verdict: 'pass' }, { id: 'strict/not-active' }]);
});

describe('JUnit of a benchmark', () => {
  const outcomesOf = ({ demands }: BenchmarkEvidence) => {
    const xml = formats.junit?.({ evidence, benchmark: { name: 'x', title: 'X', demands }, version: '0.0.0' }) ?? '';
    return xml.match(/<(failure|skipped) /g)?.map((tag) => tag.trim().slice(1)) ?? [];
  };

  test('fails what fails, skips what nothing answers and passes the rest', () => {
    const benchmark = benchmarkEvidence('owasp', catalogue, evidence);
    const failing = benchmark.demands.filter(({ verdict }) => verdict === 'fail').length;
    const open = benchmark.demands.filter(({ state }) => state !== 'covered').length;
    const outcomes = outcomesOf(benchmark);
    expect(outcomes.filter((is) => is === 'failure').length).toBe(failing);
    expect(outcomes.filter((is) => is === 'skipped').length).toBe(open);
    expect(failing).toBeGreaterThan(5);
  });
});
