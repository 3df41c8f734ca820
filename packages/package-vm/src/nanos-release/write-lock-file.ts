import { errorCodeOf } from '@package-vm/errors';
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withFileLock } from '../host-files/file-lock.js';
import { writeFailed } from '../host-files/write-failed.js';
import { readLockFile } from './lock-file.js';
import { type NanosLock, type ReleaseRecord, formatLock } from './nanos-lock.js';

/** What happened to the entry of a release: `added` is trust on first use. */
export type LockChange = 'added' | 'replaced' | 'unchanged';

export interface LockEntry {
  readonly lockFile: string;
  readonly version: string;
  readonly record: ReleaseRecord;
  /** Judges an entry that is there already and differs: throws, or lets it be replaced. */
  readonly onDifference: (locked: ReleaseRecord) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds a release to a `nanos.lock.json`, which appears whole or not at all; writers of the same file wait for each other.
 *
 * @throws PVM_BAD_NANOS_LOCK, PVM_WRITE_FAILED, PVM_CANCELLED
 */
export async function addToLockFile({ lockFile, version, record, onDifference, signal }: LockEntry): Promise<LockChange> {
  const locked = (await readLockFile(lockFile)).get(version);
  if (locked !== undefined && hasSameFiles(locked, record)) return 'unchanged';
  return withFileLock({ path: `${lockFile}.lock`, signal, failure: (cause) => notWritten(lockFile, cause) }, async () => {
    const lock = await readLockFile(lockFile);
    const current = lock.get(version);
    if (current !== undefined && hasSameFiles(current, record)) return 'unchanged';
    if (current !== undefined) onDifference(current);
    await replaceFile(lockFile, formatLock(new Map([...lock, [version, record]])));
    return current === undefined ? 'added' : 'replaced';
  });
}

/** Names the file that is known, whichever of those beside it could not be made. */
function notWritten(lockFile: string, cause: unknown): unknown {
  const isRefused = ['EACCES', 'EPERM', 'EROFS'].includes(errorCodeOf(cause) ?? '');
  return writeFailed(lockFile, cause, isRefused ? `Let this user write to the folder \`${dirname(lockFile)}\`: files are made beside it while it is written.` : undefined);
}

function hasSameFiles(a: ReleaseRecord, b: ReleaseRecord): boolean {
  const text = (record: ReleaseRecord): string => formatLock(new Map([['folder', { ...record, origin: 'folder' }]]) satisfies NanosLock);
  return text(a) === text(b);
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.nanos.lock.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    throw notWritten(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}
