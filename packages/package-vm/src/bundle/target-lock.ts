import { PackageVmError, errorCodeOf, errorMessageOf } from '@package-vm/errors';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TargetLockOptions {
  /** Cargo's target folder; made when it is not there. */
  readonly targetDir: string;
  /** Called once when another build holds the lock. */
  readonly onWait?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After this time without a sign of life the holder counts as dead; at least 2000, default 10000. */
  readonly staleMs?: number | undefined;
}

const POLL_MS = 100;
const STALE_MS = 10_000;

/**
 * Runs an action while no other call, of this or another process, runs one for the same target folder. Cargo's own lock
 * ends when it has built: until its program is copied, another build may put a program of the same name in its place.
 * The action's signal is aborted when the lock is lost, which happens when this machine slept.
 *
 * @throws PVM_CANCELLED, PVM_LOCK_LOST, PVM_WRITE_FAILED, and what the action throws
 */
export async function withTargetLock<T>(options: TargetLockOptions, action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { targetDir, signal } = options;
  const lost = new AbortController();
  const release = await acquire(options, () => {
    lost.abort();
  });
  const refuse = (): void => {
    if (!lost.signal.aborted) return;
    throw new PackageVmError('PVM_LOCK_LOST', `Another build took over the target folder \`${targetDir}\`, since this one gave no sign of life`, {
      hint: 'Start it again.',
    });
  };
  try {
    const result = await action(signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]));
    refuse();
    return result;
  } catch (error) {
    refuse();
    throw error;
  } finally {
    // a lock that was taken over is not ours to release
    if (!lost.signal.aborted) await release().catch(() => undefined);
  }
}

async function acquire({ targetDir, onWait, signal, staleMs = STALE_MS }: TargetLockOptions, onLost: () => void): Promise<() => Promise<void>> {
  await makeTargetFolder(targetDir);
  const { lock } = await import('proper-lockfile');
  const path = join(targetDir, '.package-vm.lock');
  let hasWaited = false;
  for (;;) {
    if (signal?.aborted === true) throw new PackageVmError('PVM_CANCELLED', 'Stopped on request');
    try {
      return await lock(path, { lockfilePath: path, realpath: false, stale: staleMs, onCompromised: onLost });
    } catch (error) {
      if (errorCodeOf(error) !== 'ELOCKED') throw writeFailed(path, error);
    }
    if (!hasWaited) onWait?.();
    hasWaited = true;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

// cargo tags only a folder that it makes itself
const CACHE_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by cargo.
# For information about cache directory tags see https://bford.info/cachedir/
`;

async function makeTargetFolder(targetDir: string): Promise<void> {
  if (existsSync(targetDir)) return;
  try {
    await mkdir(targetDir, { recursive: true });
    await writeFile(join(targetDir, 'CACHEDIR.TAG'), CACHE_TAG);
  } catch (error) {
    throw writeFailed(targetDir, error);
  }
}

function writeFailed(path: string, cause: unknown): PackageVmError {
  return new PackageVmError('PVM_WRITE_FAILED', `Could not write \`${path}\`: ${errorMessageOf(cause)}`, { cause });
}
