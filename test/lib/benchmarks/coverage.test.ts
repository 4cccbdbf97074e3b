import { type Benchmark, benchmarks, coverage, disagreements } from '../../../lib/benchmarks';
import { catalogue } from '../../../lib/controls/registry';
import { type Source, seed } from '../../../lib/controls/sources';

/** How many demands each benchmark makes; the number is the benchmark's, not ours. */
const counts: Readonly<Partial<Record<Source['list'], number>>> = {
  cis: 131,
  stig: 94,
  nsa: 28,
  owasp: 10,
  microsoft: 33,
};

describe('the lists', () => {
  test.each(benchmarks.map((benchmark) => [benchmark.list, benchmark] as const))('%s loses no demand', (list, of) => {
    const ids = of.demands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    if (list in counts) expect(ids).toHaveLength(counts[list] ?? 0);
    for (const { title } of of.demands) expect(title.trim().length).toBeGreaterThan(10);
    const standings = coverage(of, catalogue).map(({ standing }) => standing.state);
    const sum = (['covered', 'deviating', 'open'] as const).map(
      (state) => standings.filter((is) => is === state).length,
    );
    expect(sum.reduce((a, b) => a + b)).toBe(ids.length);
  });

  test('name document and section of every founding demand, of all five documents', () => {
    const founding = benchmarks.find(({ list }) => list === 'seed')?.demands ?? [];
    expect(new Set(founding.map(({ id }) => id.split('/')[0]))).toEqual(new Set(['000', '001', '002', '003', '004']));
    expect(founding.filter(({ document, section }) => !document || !section)).toEqual([]);
    // The appendix of the term paper: ten rows of kube-bench's section 2.2, fifteen of 2.1.
    expect(founding.filter(({ id }) => /^004\/2\.\d\.\d+$/.test(id))).toHaveLength(25);
  });

  test('name controls that exist', () => {
    const ids = new Set(catalogue.map(({ id }) => id));
    const areas = [...new Set([...ids].map((id) => id.split('/')[0]))].join('|');
    const named = benchmarks
      .flatMap(({ demands }) => demands)
      .flatMap((demand) => JSON.stringify(demand).match(new RegExp(`\\b(${areas})/[a-z0-9-]+`, 'g')) ?? []);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });

  test('agree with the sources of the controls', () => {
    expect(disagreements(benchmarks, catalogue)).toEqual([]);
  });
});

describe('coverage', () => {
  const list: Benchmark = {
    list: 'seed',
    title: 'A list',
    demands: [
      { id: 'a', title: 'served' },
      { id: 'b', title: 'otherwise', deviation: 'done in another way' },
      { id: 'c', title: 'not yet', open: 'nothing there' },
    ],
  };
  const by = (id: string, ...ids: readonly [string, ...string[]]) => {
    const [first, ...others] = ids;
    return { id, sources: [seed(first), ...others.map(seed)] as const };
  };

  test('names every control that serves a demand, else the text', () => {
    expect(coverage(list, [by('x/one', 'a'), by('x/two', 'a')]).map(({ standing }) => standing)).toEqual([
      { state: 'covered', controls: ['x/one', 'x/two'] },
      { state: 'deviating', text: 'done in another way' },
      { state: 'open', text: 'nothing there' },
    ]);
    expect(disagreements([list], [by('x/one', 'a')])).toEqual([]);
  });

  test('tells of an id that is not in the list', () => {
    expect(disagreements([list], [by('x/one', 'a', 'z')])).toEqual(['x/one names seed z, which is not in the list']);
  });

  test('tells of a text about what a control serves', () => {
    expect(disagreements([list], [by('x/one', 'a', 'c')])).toEqual([
      'seed c is served by a control, and its text says that none does',
    ]);
  });

  test('tells of a demand that nothing answers', () => {
    expect(disagreements([list], [])).toEqual(['seed a is served by no control, and no text says why']);
  });

  test('tells of a demand with both texts', () => {
    const both = { id: 'd', title: 'both', deviation: 'done', open: 'missing' };
    expect(disagreements([{ ...list, demands: [both] }], [])).toEqual(['seed d is called deviating and open at once']);
  });
});
