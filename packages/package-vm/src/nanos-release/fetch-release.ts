import { errorCodeOf, isPackageVmError } from '@package-vm/errors';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RECORD_FILE_NAME, findCachedRelease, readCachedFiles } from './cached-release.js';
import { downloadArchive } from './download-archive.js';
import { withFileLock } from '../host-files/file-lock.js';
import { LOCK_FILE_NAME } from './lock-file.js';
import { type ReleaseRecord, formatLock } from './nanos-lock.js';
import { type ReleaseFile } from './nanos-release.js';
import { readPresentFiles } from './read-release.js';
import { type OnReleaseProgress } from './release-progress.js';
import { checkComplete, unpackArchive } from './unpack-archive.js';
import { publicUrl } from './upstream.js';
import { digestsOf, findDifferences, verifyRelease } from './verify-release.js';
import { writing } from './write-failed.js';

export interface FetchRequest {
  readonly version: string;
  readonly url: URL;
  readonly cacheFolder: string;
  /** What `nanos.lock.json` holds of this version; anything else is refused. */
  readonly locked: ReleaseRecord | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnReleaseProgress | undefined;
}

export interface FetchedRelease {
  readonly record: ReleaseRecord;
  readonly files: readonly ReleaseFile[];
}

/**
 * Brings a release into the cache, once: a sound copy that is there already is used without the network, a damaged one is replaced.
 * The release appears whole, by a rename, or not at all; what a killed call left is swept by the next one.
 *
 * @throws PVM_NO_SUCH_NANOS_VERSION, PVM_DOWNLOAD_FAILED, PVM_BAD_ARCHIVE, PVM_NANOS_DIGEST_MISMATCH, PVM_WRITE_FAILED, PVM_CANCELLED
 */
export async function fetchRelease(request: FetchRequest): Promise<FetchedRelease> {
  const { version, cacheFolder, signal, onProgress } = request;
  const present = await findSoundCopy(request);
  if (present !== undefined) return present;
  await writing(cacheFolder, () => mkdir(cacheFolder, { recursive: true }));
  const path = join(cacheFolder, `.${version}.lock`);
  const onWait = (): void => onProgress?.({ step: 'waiting', version });
  return withFileLock({ path, onWait, signal }, async () => (await findSoundCopy(request)) ?? (await fetchIntoCache(request)));
}

/** The copy in the cache, when it is what was installed and what is locked. */
async function findSoundCopy({ version, cacheFolder, locked }: FetchRequest): Promise<FetchedRelease | undefined> {
  try {
    const cached = await findCachedRelease(cacheFolder, version);
    if (cached === undefined) return undefined;
    const files = readCachedFiles(cached);
    return findDifferences(files, locked ?? cached.record).length === 0 ? { record: cached.record, files } : undefined;
  } catch (error) {
    // a record that cannot be read: the release is fetched again
    if (isPackageVmError(error)) return undefined;
    throw error;
  }
}

async function fetchIntoCache(request: FetchRequest): Promise<FetchedRelease> {
  const { version, cacheFolder } = request;
  await writing(cacheFolder, () => sweep(cacheFolder, version));
  const workFolder = await writing(cacheFolder, () => mkdtemp(join(cacheFolder, `.${version}-`)));
  try {
    const unpacked = join(workFolder, 'release');
    const record = await fetchInto(unpacked, join(workFolder, 'archive'), request);
    const folder = join(cacheFolder, version);
    await writing(folder, () => replaceFolder(unpacked, folder, join(workFolder, 'old')));
    return { record, files: readPresentFiles(folder) };
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function fetchInto(folder: string, archive: string, { version, url, locked, signal, onProgress }: FetchRequest): Promise<ReleaseRecord> {
  await downloadArchive({ version, url, target: archive, signal, onProgress });
  onProgress?.({ step: 'unpacking', version });
  await unpackArchive({ archive, target: folder, url });
  const files = readPresentFiles(folder);
  checkComplete(files, url);
  const origin = publicUrl(url);
  if (locked !== undefined) {
    const hint = `The server gives other files than the ones that were trusted; find out why before you remove ${version} from \`${LOCK_FILE_NAME}\`.`;
    verifyRelease({ version, files, expected: locked, authority: LOCK_FILE_NAME, place: origin, hint });
  }
  const record = { origin, files: digestsOf(files) };
  const recordFile = join(folder, RECORD_FILE_NAME);
  await writing(recordFile, () => writeFile(recordFile, formatLock(new Map([[version, record]]))));
  return record;
}

/** Removes what calls that were killed left of this version; the lock is held, so nobody uses it. */
async function sweep(cacheFolder: string, version: string): Promise<void> {
  const left = (await readdir(cacheFolder)).filter((name) => name.startsWith(`.${version}-`));
  await Promise.all(left.map((name) => rm(join(cacheFolder, name), { recursive: true, force: true })));
}

async function replaceFolder(source: string, target: string, aside: string): Promise<void> {
  await rename(target, aside).catch((error: unknown) => {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
  });
  await rename(source, target);
}
