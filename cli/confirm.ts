import { createInterface } from 'node:readline/promises';
import { HardeningError } from '../lib/errors';

/**
 * Asks before something is changed. `--yes` answers; without a terminal there is nobody to ask.
 *
 * @throws HardeningError of kind `usage` where nobody can be asked, or where the answer is no
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new HardeningError('usage', [
      {
        code: 'CONFIRMATION_NEEDED',
        message: `${question} Nobody can be asked here`,
        fix: 'run the command on a terminal, or give --yes',
      },
    ]);
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `).finally(() => prompt.close());
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new HardeningError('usage', [
      { code: 'NOT_CONFIRMED', message: 'the answer was no, so nothing of this was changed' },
    ]);
  }
}
