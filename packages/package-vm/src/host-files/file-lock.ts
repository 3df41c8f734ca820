import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFailed } from './write-failed.js';

export interface FileLockOptions {
  /** A folder of this name exists while the lock is held; its parent must exist. */
  readonly path: string;
  /** Called once when somebody else holds the lock. */
  readonly onWait?: (() => void) | undefined;
  /** Called when another took the lock over because this process gave no sign of life, as when the machine slept. */
  readonly onLost?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Tells what the system said when the lock could not be made, which nobody but us knows by its path; default {@link writeFailed}. */
  readonly failure?: ((cause: unknown) => unknown) | undefined;
  /** After this time without a sign of life the holder counts as dead; at least 2000, default 10000. */
  readonly staleMs?: number | undefined;
}

const STALE_MS = 10_000;
const POLL_MS = 100;

/**
 * Runs an action while no other call, of this or another process, runs one under the same lock. Waits as long as the holder lives.
 *
 * @throws PVM_CANCELLED, PVM_WRITE_FAILED, and what the action throws
 */
export async function withFileLock<T>(options: FileLockOptions, action: () => Promise<T>): Promise<T> {
  const release = await acquire(options);
  try {
    return await action();
  } finally {
    // a lock that was taken over is not ours to release
    await release().catch(() => undefined);
  }
}

async function acquire({ path, onWait, onLost, signal, failure = (cause) => writeFailed(path, cause), staleMs = STALE_MS }: FileLockOptions): Promise<() => Promise<void>> {
  const { lock } = await import('proper-lockfile');
  let hasWaited = false;
  for (;;) {
    if (signal?.aborted === true) throw new PackageVmError('PVM_CANCELLED', 'Stopped on request');
    try {
      return await lock(path, { lockfilePath: path, realpath: false, stale: staleMs, onCompromised: () => onLost?.() });
    } catch (error) {
      if (errorCodeOf(error) !== 'ELOCKED') throw failure(error);
    }
    if (!hasWaited) onWait?.();
    hasWaited = true;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}
