import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bulwark } from './bulwark';
import { must } from './shell';
import takeDown from './teardown';
import { workDirectory } from './work-directory';

/**
 * Builds the command as it ships and the node software that the cache lacks, and begins without labs of an earlier run;
 * with `BULWARK_E2E_KEEP=go-on` the labs of the last run are kept, to work on a single file of the tests.
 */
export default async function setUp(): Promise<void> {
  await must(['npm', 'run', '--silent', 'build'], { directory: join(__dirname, '../../..'), timeout: 300 });
  if (process.env.BULWARK_E2E_KEEP === 'go-on') return;
  const built = await bulwark(['artifacts', 'build', '--yes', '--json'], { timeout: 3600 });
  if (built.code !== 0) throw new Error(`bulwark artifacts build: ${built.stderr}`);
  await takeDown();
  rmSync(workDirectory, { recursive: true, force: true });
  mkdirSync(workDirectory, { recursive: true, mode: 0o700 });
}
