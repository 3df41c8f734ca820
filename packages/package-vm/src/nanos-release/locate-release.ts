import { PackageVmError } from '@package-vm/errors';
import { resolve } from 'node:path';
import { type CachedRelease, findCachedRelease, readCachedFiles } from './cached-release.js';
import { LOCK_FILE_NAME, readLockFile } from './lock-file.js';
import { type NanosLock, type ReleaseRecord } from './nanos-lock.js';
import { type NanosRelease, type ReleaseFile } from './nanos-release.js';
import { readReleaseFiles, versionOfFolder } from './read-release.js';
import { defaultCacheFolder } from './release-cache.js';
import { type OnReleaseProgress } from './release-progress.js';
import { checkNanosVersion, recommendedVersion } from './release-version.js';
import { archiveUrl, mirrorOfEnvironment } from './upstream.js';
import { digestsOf, verifyRelease } from './verify-release.js';

export interface LocateOptions {
  /** The version that an option or the settings name. */
  readonly version?: string | undefined;
  /** A folder of the user's own that holds a release; goes before everything else. */
  readonly nanosDir?: string | undefined;
  /** The path of `nanos.lock.json`, which need not exist; see `findLockFile`. */
  readonly lockFile?: string | undefined;
  /** Default: {@link defaultCacheFolder}. */
  readonly cacheFolder?: string | undefined;
  /** The URL of a mirror; default: the one that the environment names, else where the locked release came from. */
  readonly baseUrl?: string | undefined;
  /** Never use the network. */
  readonly offline?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnReleaseProgress | undefined;
}

/**
 * Finds the Nanos release to build with and verifies every file of it: against the lock, else, for one in the cache, against what it
 * was when it was installed. A folder goes first (named by what it tells of its
 * version, else by the version beside it, else `folder`), then the version that was named, then the only one in the lock; nothing else is
 * ever tried. A locked release that is not in the cache is downloaded and must have the locked digests.
 *
 * @throws PVM_NO_NANOS_RELEASE, PVM_BAD_NANOS_FOLDER, PVM_NANOS_DIGEST_MISMATCH, PVM_BAD_NANOS_LOCK, PVM_BAD_NANOS_VERSION,
 * PVM_OFFLINE, and those of a download
 */
export async function locateRelease(options: LocateOptions): Promise<NanosRelease> {
  if (options.version !== undefined) checkNanosVersion(options.version);
  const lock = options.lockFile === undefined ? new Map<string, ReleaseRecord>() : await readLockFile(options.lockFile);
  if (options.nanosDir !== undefined) return locateFolder(options.nanosDir, options.version, lock);
  const version = options.version ?? onlyVersion(lock, options.lockFile);
  const locked = lock.get(version);
  const cached = await findCachedRelease(options.cacheFolder ?? defaultCacheFolder(), version);
  if (cached !== undefined) return locateCached(cached, version, locked);
  if (locked === undefined) throw notInstalled(version);
  return fetchLocked(version, locked, options);
}

function locateFolder(nanosDir: string, version: string | undefined, lock: NanosLock): NanosRelease {
  const folder = resolve(nanosDir);
  const files = readReleaseFiles(folder);
  // its name in the lock and in the image
  const key = versionOfFolder(folder) ?? version ?? nameInLock(files, lock) ?? 'folder';
  const locked = lock.get(key);
  if (locked !== undefined) {
    const hint =
      locked.origin === 'folder'
        ? `If the folder was meant to change, lock it again with \`package-vm nanos lock --nanos-dir ${nanosDir}\`.`
        : 'Leave out `--nanos-dir` to use the release that was locked.';
    verifyRelease({ version: key, files, expected: locked, authority: LOCK_FILE_NAME, place: folder, hint });
  }
  return { version: key, origin: 'folder', files, isLocked: locked !== undefined, isPlaceholder: key === 'placeholder' };
}

/** What the lock calls a release with the same files. */
function nameInLock(files: readonly ReleaseFile[], lock: NanosLock): string | undefined {
  const found = digestsOf(files);
  const isSame = ({ files: locked }: ReleaseRecord): boolean => locked.size === found.size && [...locked].every(([name, { sha256 }]) => found.get(name)?.sha256 === sha256);
  return [...lock].find(([, record]) => isSame(record))?.[0];
}

function locateCached(cached: CachedRelease, version: string, locked: ReleaseRecord | undefined): NanosRelease {
  const files = readCachedFiles(cached);
  verifyRelease({
    version,
    files,
    expected: locked ?? cached.record,
    authority: locked === undefined ? 'its record in the cache' : LOCK_FILE_NAME,
    place: cached.folder,
    hint: `Run \`package-vm nanos install ${version}\`, which fetches it again.`,
  });
  return { version, origin: (locked ?? cached.record).origin, files, isLocked: locked !== undefined, isPlaceholder: false };
}

async function fetchLocked(version: string, locked: ReleaseRecord, options: LocateOptions): Promise<NanosRelease> {
  if (locked.origin === 'folder') {
    throw new PackageVmError('PVM_NO_NANOS_RELEASE', `Nanos ${version} was locked from a folder, which was not named`, { hint: 'Name the folder with `--nanos-dir`.' });
  }
  if (options.offline === true) {
    throw new PackageVmError('PVM_OFFLINE', `Nanos ${version} is locked but not in the cache, and the network may not be used`, {
      hint: `Run \`package-vm nanos install ${version}\` once while online.`,
    });
  }
  // loaded here only: nearly every build finds its release in the cache
  const { fetchRelease } = await import('./fetch-release.js');
  const hasMirror = (options.baseUrl ?? mirrorOfEnvironment()) !== undefined;
  const { files } = await fetchRelease({
    version,
    url: hasMirror ? archiveUrl(version, options.baseUrl) : new URL(locked.origin),
    cacheFolder: options.cacheFolder ?? defaultCacheFolder(),
    locked,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  return { version, origin: locked.origin, files, isLocked: true, isPlaceholder: false };
}

function onlyVersion(lock: NanosLock, lockFile: string | undefined): string {
  const [version, ...others] = lock.keys();
  if (version !== undefined && others.length === 0) return version;
  if (version === undefined) {
    throw new PackageVmError('PVM_NO_NANOS_RELEASE', 'No Nanos release was chosen, and none is locked', { hint: `Run \`package-vm nanos install ${recommendedVersion}\`.` });
  }
  throw new PackageVmError('PVM_NO_NANOS_RELEASE', `No Nanos release was chosen, and \`${lockFile ?? LOCK_FILE_NAME}\` holds several: ${[...lock.keys()].join(', ')}`, {
    hint: `Choose one with \`--nanos-version\` or in the settings.`,
  });
}

function notInstalled(version: string): PackageVmError {
  return new PackageVmError('PVM_NO_NANOS_RELEASE', `Nanos ${version} is neither in the cache nor locked`, { hint: `Run \`package-vm nanos install ${version}\`.` });
}
