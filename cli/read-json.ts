import { readFileSync } from 'node:fs';
import { HardeningError } from '../lib/errors';

/**
 * Reads a JSON file of ours.
 *
 * @param parse throws where the value is not what it should be
 * @throws HardeningError of kind `usage`
 */
export function readJson<T>(file: string, what: string, parse: (value: unknown) => T): T {
  try {
    return parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : `it is no ${what}`;
    const detail = reason.startsWith('it') && error instanceof Error ? `: ${error.message.slice(0, 400)}` : '';
    throw new HardeningError('usage', [
      { code: 'INPUT_FILE', file, message: `${reason}${detail}`, fix: `give ${what} that this version wrote` },
    ]);
  }
}
