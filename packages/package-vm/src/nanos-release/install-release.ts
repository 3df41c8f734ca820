import { fetchRelease } from './fetch-release.js';
import { LOCK_FILE_NAME, readLockFile } from './lock-file.js';
import { type NanosRelease } from './nanos-release.js';
import { defaultCacheFolder } from './release-cache.js';
import { type OnReleaseProgress } from './release-progress.js';
import { checkNanosVersion } from './release-version.js';
import { archiveUrl } from './upstream.js';
import { verifyRelease } from './verify-release.js';
import { type LockChange, addToLockFile } from './write-lock-file.js';

export interface InstallOptions {
  readonly version: string;
  /** The URL of a mirror; default: the one that the environment names, else the official server. */
  readonly baseUrl?: string | undefined;
  /** Default: `defaultCacheFolder()`. */
  readonly cacheFolder?: string | undefined;
  /** The `nanos.lock.json` to write; without it the release is only put into the cache. */
  readonly lockFile?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnReleaseProgress | undefined;
}

/** A release and what became of its entry in the lock: `added` means that it was trusted on first use, since upstream publishes no checksums worth the name. */
export interface LockedRelease extends NanosRelease {
  readonly lockChange: LockChange | 'none';
}

/**
 * Downloads an official release into the user's cache, unless a sound copy is there, and locks it. A release that is locked already
 * must have the locked digests.
 *
 * @throws PVM_BAD_NANOS_VERSION, PVM_BAD_NANOS_MIRROR, PVM_BAD_NANOS_LOCK, PVM_NO_SUCH_NANOS_VERSION, PVM_DOWNLOAD_FAILED,
 * PVM_BAD_ARCHIVE, PVM_NANOS_DIGEST_MISMATCH, PVM_WRITE_FAILED, PVM_CANCELLED
 */
export async function installRelease({ version, baseUrl, cacheFolder, lockFile, signal, onProgress }: InstallOptions): Promise<LockedRelease> {
  checkNanosVersion(version);
  const url = archiveUrl(version, baseUrl);
  const locked = lockFile === undefined ? undefined : (await readLockFile(lockFile)).get(version);
  const { record, files } = await fetchRelease({ version, url, cacheFolder: cacheFolder ?? defaultCacheFolder(), locked, signal, onProgress });
  const release = { version, origin: record.origin, files, isPlaceholder: false };
  if (lockFile === undefined) return { ...release, isLocked: false, lockChange: 'none' };
  const lockChange = await addToLockFile({
    lockFile,
    version,
    record,
    signal,
    // somebody else locked other files meanwhile
    onDifference: (expected) => {
      verifyRelease({ version, files, expected, authority: LOCK_FILE_NAME, place: record.origin, hint: `Run \`package-vm nanos install ${version}\` again.` });
    },
  });
  return { ...release, isLocked: true, lockChange };
}
