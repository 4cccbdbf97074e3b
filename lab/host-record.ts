import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnProgress } from '../apply/artifacts';
import { withLock } from '../apply/artifacts/lock';
import { type HostState, readHostState } from './host-state';

/** One per computer, shared by all labs, and gone after a restart as the settings are. */
const folder = '/run/bulwark-lab';
const file = join(folder, 'host.json');

interface HostRecord {
  /** A record of an earlier start of this computer says nothing about this one. */
  readonly bootId: string;
  readonly before: HostState;
}

const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** Runs `work` while no other process begins or ends a lab on this computer. */
export function withHostLock<T>(work: () => Promise<T>, onProgress: OnProgress): Promise<T> {
  const onWait = (pid: string) => onProgress({ step: 'host', detail: `waiting for the lab command of process ${pid}` });
  return withLock(join(folder, 'lock'), work, onWait);
}

/** The state of this computer before its first lab, or `undefined` if no lab has been started. */
export function recordedHostState(): HostState | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as HostRecord;
    return record.bootId === bootId() ? record.before : undefined;
  } catch {
    return undefined;
  }
}

/** Records the state of this computer, unless a lab that runs has done so. */
export function recordHostState(): void {
  if (recordedHostState()) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const record: HostRecord = { bootId: bootId(), before: readHostState() };
  writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
}

/** Forgets the record, once its state is restored. */
export function forgetHostState(): void {
  rmSync(file, { force: true });
}
