import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attacks } from '../attacks';
import { denialOf, judgeHardened, judgeStock, type Outcome, textOf } from '../attacks/attack';
import { clearScene, setScene } from '../attacks/scenery';
import { injectWeaknesses } from '../attacks/weaknesses';
import { hardenedTarget, stockTarget } from './support/cluster';
import type { LabTarget } from './support/lab-target';
import { attempt, whileLifted } from './support/lifted';
import { timed } from './support/timing';
import { workDirectory } from './support/work-directory';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly weakness?: string;
  readonly stock: string;
  readonly hardened: string;
  /** What the attack did once the policy was off, where its denial is silence. */
  readonly lifted?: string;
  /** In the hardened cluster's own words. */
  readonly denial?: string;
  readonly seconds: number;
}

describe('every attack succeeds on a stock cluster and is refused with its exact denial on the hardened one', () => {
  let stock: LabTarget;
  let hardened: LabTarget;
  const onStock = new Map<string, Outcome>();
  const rows: Row[] = [];

  beforeAll(async () => {
    stock = await stockTarget();
    hardened = await hardenedTarget();
    await timed('scenery on both clusters', () => Promise.all([setScene(stock), setScene(hardened)]));
    await timed('attacks on the untouched stock cluster', async () => {
      for (const attack of attacks.filter(({ weakness }) => !weakness))
        onStock.set(attack.id, await attempt(attack, stock));
    });
    await timed('weaknesses into the stock cluster', () => injectWeaknesses(stock));
    await timed('attacks on the weakened stock cluster', async () => {
      for (const attack of attacks.filter(({ weakness }) => weakness))
        onStock.set(attack.id, await attempt(attack, stock));
    });
    // An API server that starts before its etcd backs off, and each time longer.
  }, 900_000);

  afterAll(async () => {
    if (hardened) await timed('scenery away', () => clearScene(hardened));
    await Promise.all([stock?.close(), hardened?.close()]);
    await writeFile(join(workDirectory, 'attacks.json'), `${JSON.stringify(rows, null, 2)}\n`);
  });

  test.each(attacks.map((attack) => [attack.id, attack.title, attack] as const))(
    '%s %s',
    async (_id, _title, attack) => {
      const start = Date.now();
      const control = onStock.get(attack.id) ?? { code: 255, stdout: '', stderr: 'was not played on stock' };
      const outcome = await attempt(attack, hardened);
      const lifted = attack.lift ? (await whileLifted([attack], attack.lift, hardened))[0] : undefined;
      const stockVerdict = judgeStock(attack, control);
      const verdict = judgeHardened(attack, outcome);
      const opened = lifted && (attack.lift?.opens.test(textOf(lifted)) ? 'opens' : 'void');
      rows.push({
        id: attack.id,
        title: attack.title,
        ...(attack.weakness && { weakness: attack.weakness }),
        stock: stockVerdict,
        hardened: verdict,
        ...(opened && { lifted: opened }),
        ...(verdict === 'refused' && { denial: denialOf(attack, outcome) }),
        seconds: (Date.now() - start) / 1000,
      });
      // The texts come along so that a failure shows what the clusters said.
      expect({ stock: stockVerdict, said: stockVerdict === 'succeeded' ? '' : textOf(control) }).toEqual({
        stock: 'succeeded',
        said: '',
      });
      expect({ hardened: verdict, said: verdict === 'refused' ? '' : textOf(outcome) }).toEqual({
        hardened: 'refused',
        said: '',
      });
      if (lifted) {
        expect({ lifted: opened, said: opened === 'opens' ? '' : textOf(lifted) }).toEqual({
          lifted: 'opens',
          said: '',
        });
      }
    },
  );
});
