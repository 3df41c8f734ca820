import { errorCodeOf } from '@package-vm/errors';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readLockFile } from './lock-file.js';
import { type ReleaseRecord } from './nanos-lock.js';
import { type ReleaseFile } from './nanos-release.js';
import { readPresentFiles } from './read-release.js';
import { compareVersions, isNanosVersion } from './release-version.js';

/** What a release in the cache says of itself: a `nanos.lock.json` with one entry. A folder without it is no release. */
export const RECORD_FILE_NAME = 'release.json';

export interface CachedRelease {
  readonly folder: string;
  readonly record: ReleaseRecord;
}

/** The release in the cache, as it was when it was installed; undefined when there is none. @throws PVM_BAD_NANOS_LOCK */
export async function findCachedRelease(cacheFolder: string, version: string): Promise<CachedRelease | undefined> {
  const folder = join(cacheFolder, version);
  const record = (await readLockFile(join(folder, RECORD_FILE_NAME))).get(version);
  return record === undefined ? undefined : { folder, record };
}

/** The files of a release in the cache as they are now, digested. */
export function readCachedFiles({ folder }: CachedRelease): readonly ReleaseFile[] {
  return readPresentFiles(folder);
}

/** The versions in the cache, oldest first. */
export async function listCachedVersions(cacheFolder: string): Promise<readonly string[]> {
  try {
    return (await readdir(cacheFolder)).filter(isNanosVersion).sort(compareVersions);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
