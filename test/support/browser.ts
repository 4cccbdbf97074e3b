import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Headless, and quiet on the network. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * Runs Chromium once, with a profile of its own that is thrown away.
 *
 * @param chromium path of the program
 * @returns what it wrote to standard output and, with `--enable-logging=stderr`, the console's lines
 */
export function browse(
  chromium: string,
  args: readonly string[],
): { readonly stdout: string; readonly stderr: string } {
  const profile = mkdtempSync(join(tmpdir(), 'bulwark-browser-'));
  try {
    const { stdout, stderr, status } = spawnSync(chromium, [...flags, `--user-data-dir=${profile}`, ...args], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`chromium ended with ${status}: ${stderr}`);
    return { stdout, stderr };
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
