import { setTimeout as sleep } from 'node:timers/promises';

/** Asks `condition` five times a second until it holds. Returns false after `seconds` (@default 60). */
export async function waitUntil(condition: () => Promise<boolean>, seconds = 60): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await sleep(200);
  }
  return true;
}
