import { type LockedRelease } from './install-release.js';
import { locateRelease } from './locate-release.js';
import { LOCK_FILE_NAME } from './lock-file.js';
import { type ReleaseRecord } from './nanos-lock.js';
import { type NanosRelease } from './nanos-release.js';
import { digestsOf, verifyRelease } from './verify-release.js';
import { addToLockFile } from './write-lock-file.js';

export interface LockOptions {
  /** A version in the cache; beside `nanosDir`, the name of a folder that does not tell its version. */
  readonly version?: string | undefined;
  /** A folder of the user's own. */
  readonly nanosDir?: string | undefined;
  /** The `nanos.lock.json` to write. */
  readonly lockFile: string;
  /** Default: `defaultCacheFolder()`. */
  readonly cacheFolder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Locks a release as it is now, trusting it; nothing is downloaded. A folder of the user's own may be locked again after it changed;
 * a version that was downloaded never changes.
 *
 * @throws PVM_NO_NANOS_RELEASE, PVM_BAD_NANOS_FOLDER, PVM_NANOS_DIGEST_MISMATCH, PVM_BAD_NANOS_LOCK, PVM_BAD_NANOS_VERSION,
 * PVM_WRITE_FAILED
 */
export async function lockRelease({ version, nanosDir, lockFile, cacheFolder, signal }: LockOptions): Promise<LockedRelease> {
  // without the lock file: what it says is compared below
  const release = await locateRelease({ version, nanosDir, cacheFolder, offline: true });
  const lockChange = await addToLockFile({
    lockFile,
    version: release.version,
    record: { origin: release.origin, files: digestsOf(release.files) },
    signal,
    onDifference: (locked) => {
      refuseDifference(release, locked);
    },
  });
  return { ...release, isLocked: true, lockChange };
}

function refuseDifference({ version, origin, files }: NanosRelease, locked: ReleaseRecord): void {
  if (origin === 'folder' && locked.origin === 'folder') return;
  const hint = `Find out why they differ before you remove ${version} from \`${LOCK_FILE_NAME}\`.`;
  verifyRelease({ version, files, expected: locked, authority: LOCK_FILE_NAME, place: origin, hint });
}
