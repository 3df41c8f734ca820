import { findCachedRelease, listCachedVersions } from './cached-release.js';
import { readLockFile } from './lock-file.js';
import { defaultCacheFolder } from './release-cache.js';

export interface ListOptions {
  /** The path of `nanos.lock.json`, which need not exist. */
  readonly lockFile?: string | undefined;
  /** Default: `defaultCacheFolder()`. */
  readonly cacheFolder?: string | undefined;
}

/** A release that is in the cache, in the lock, or in both. */
export interface ListedRelease {
  readonly version: string;
  readonly origin: string;
  /** Where it is in the cache; undefined when it is not. */
  readonly folder: string | undefined;
  readonly isLocked: boolean;
}

/** The releases that are known here: those of the cache, oldest first, then those that are only locked. Nothing is verified. @throws PVM_BAD_NANOS_LOCK */
export async function listReleases({ lockFile, cacheFolder = defaultCacheFolder() }: ListOptions): Promise<readonly ListedRelease[]> {
  const lock = lockFile === undefined ? new Map<string, never>() : await readLockFile(lockFile);
  const releases = await Promise.all(
    (await listCachedVersions(cacheFolder)).map(async (version) => {
      const cached = await findCachedRelease(cacheFolder, version);
      return cached === undefined ? [] : [{ version, origin: cached.record.origin, folder: cached.folder, isLocked: lock.has(version) }];
    }),
  );
  const installed = releases.flat();
  const onlyLocked = [...lock]
    .filter(([version]) => !installed.some((release) => release.version === version))
    .map(([version, { origin }]) => ({ version, origin, folder: undefined, isLocked: true }));
  return [...installed, ...onlyLocked];
}
