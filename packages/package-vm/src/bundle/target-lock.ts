import { PackageVmError } from '@package-vm/errors';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from '../host-files/file-lock.js';
import { writeFailed } from '../host-files/write-failed.js';

export interface TargetLockOptions {
  /** Cargo's target folder; made when it is not there. */
  readonly targetDir: string;
  /** Called once when another build holds the lock. */
  readonly onWait?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After this time without a sign of life the holder counts as dead; at least 2000, default 10000. */
  readonly staleMs?: number | undefined;
}

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
  const refuse = (): void => {
    if (!lost.signal.aborted) return;
    throw new PackageVmError('PVM_LOCK_LOST', `Another build took over the target folder \`${targetDir}\`, since this one gave no sign of life`, {
      hint: 'Start it again.',
    });
  };
  const onLost = (): void => {
    lost.abort();
  };
  await makeTargetFolder(targetDir);
  return withFileLock({ ...options, path: join(targetDir, '.package-vm.lock'), onLost }, async () => {
    try {
      const result = await action(signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]));
      refuse();
      return result;
    } catch (error) {
      refuse();
      throw error;
    }
  });
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
