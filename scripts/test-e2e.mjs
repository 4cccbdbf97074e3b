/** `npm run test:e2e`: the story told on lab clusters; the true counts stand alone on the last line. */
import { begin, finish, jest } from './counts.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
begin();
jest(['--config', 'test/e2e/jest.config.cjs', ...process.argv.slice(2)]);
finish();
