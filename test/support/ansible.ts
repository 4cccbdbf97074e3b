import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cache } from '../../apply/artifacts';

/** Whether the pinned Ansible is installed: nothing is installed for a test. */
export function hasAnsible(): boolean {
  const version = /^ansible-core==(\S+)/m.exec(
    readFileSync(join(__dirname, '../../ansible/requirements.txt'), 'utf8'),
  )?.[1];
  try {
    readFileSync(join(new Cache().directory, 'ansible', version ?? '', 'complete'));
    return true;
  } catch {
    return false;
  }
}

/** A group of tests that need the pinned Ansible; without it a single skipped test says so. */
export function describeWithAnsible(title: string, body: () => void): void {
  if (hasAnsible()) describe(title, body);
  else test.skip(`${title}: ansible-core is not in the cache; \`bulwark up\` installs it`, () => undefined);
}
