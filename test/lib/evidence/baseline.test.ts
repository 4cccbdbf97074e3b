import { baselineOf, type Evidence, type EvidenceRow, ratchet, regressions } from '../../../lib/evidence';
import { exampleEvidence } from '../../support/evidence';

/** Evidence in which these rows stand otherwise. */
function changed(evidence: Evidence, change: (row: EvidenceRow, index: number) => Partial<EvidenceRow>): Evidence {
  return { ...evidence, rows: evidence.rows.map((row, index) => ({ ...row, ...change(row, index) })) };
}

const good = changed(exampleEvidence(), () => ({ verdict: 'pass' }));
const bad = changed(good, (_, index) => (index < 3 ? { verdict: 'fail' } : {}));

test('what was accepted fails no more, what is new does', () => {
  const baseline = baselineOf(bad);
  expect(baseline.accepted).toHaveLength(3);
  expect(regressions(bad, baseline)).toEqual([]);
  const worse = changed(bad, (_, index) => (index === 5 ? { verdict: 'fail' } : {}));
  expect(regressions(worse, baseline)).toEqual([worse.rows[5]]);
});

test('wrong in another way than was accepted is a regression', () => {
  const blind = changed(bad, (_, index) => (index === 0 ? { verdict: 'not-observed', explained: false } : {}));
  expect(regressions(blind, baselineOf(bad))).toEqual([blind.rows[0]]);
});

test('the ratchet lets go of what is right by now and takes nothing in', () => {
  const mended = changed(bad, (_, index) =>
    index === 1 ? { verdict: 'pass' } : index === 7 ? { verdict: 'fail' } : {},
  );
  const tighter = ratchet(mended, baselineOf(bad));
  expect(tighter.accepted).toEqual([baselineOf(bad).accepted[0], baselineOf(bad).accepted[2]]);
  expect(regressions(bad, tighter)).toEqual([bad.rows[1]]);
});
