import { exampleCluster } from '../../../../cli/example-cluster';
import type { DryRunFact } from '../../../../lib/checks/probe';
import subject from '../../../../lib/controls/admission/control-plane-placement';

const refused: DryRunFact = { accepted: false, message: 'admission/control-plane-placement: no' };
const elsewhere: DryRunFact = { accepted: false, message: 'exceeded quota' };
const admitted: DryRunFact = { accepted: true, message: '' };

test('holds where this very rule refuses what it tries, and admits its plain twin', () => {
  const judges = subject.checks(exampleCluster().cluster).map(
    ({ judge }) =>
      (fact: DryRunFact) =>
        (judge as (of: DryRunFact) => { verdict: string })(fact).verdict,
  );
  const table = judges.map((judge) => [refused, elsewhere, admitted].map(judge));
  expect(table).toEqual([
    ['pass', 'fail', 'fail'],
    ['pass', 'fail', 'fail'],
    ['fail', 'fail', 'pass'],
  ]);
});
