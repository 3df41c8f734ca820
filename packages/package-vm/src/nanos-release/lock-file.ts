import { PackageVmError, errorCodeOf, errorMessageOf, isPackageVmError } from '@package-vm/errors';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type NanosLock, parseLock } from './nanos-lock.js';

export const LOCK_FILE_NAME = 'nanos.lock.json';

/** A lock of 100 releases with 40 files each has 500 KiB. */
const MAX_LOCK_BYTES = 4 * 1024 * 1024;

/**
 * The `nanos.lock.json` that holds for a folder: the nearest one upwards. Where there is none, the path where it would be written:
 * beside the nearest `nx.json`, else at the root of the repository, else in the folder itself.
 */
export function findLockFile(fromFolder: string): string {
  const folders = [...ancestors(resolve(fromFolder))];
  for (const marker of [LOCK_FILE_NAME, 'nx.json', '.git']) {
    const folder = folders.find((candidate) => existsSync(join(candidate, marker)));
    if (folder !== undefined) return join(folder, LOCK_FILE_NAME);
  }
  return join(resolve(fromFolder), LOCK_FILE_NAME);
}

/** The releases of a lock file; none when there is no such file. @throws PVM_BAD_NANOS_LOCK */
export async function readLockFile(path: string): Promise<NanosLock> {
  try {
    const { size } = await stat(path);
    if (size > MAX_LOCK_BYTES) throw new PackageVmError('PVM_BAD_NANOS_LOCK', `\`${path}\` has ${size} bytes, expected at most ${MAX_LOCK_BYTES}`);
    return parseLock(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return new Map();
    if (isPackageVmError(error)) throw error;
    throw new PackageVmError('PVM_BAD_NANOS_LOCK', `Could not read \`${path}\`: ${errorMessageOf(error)}`, { cause: error });
  }
}

function* ancestors(folder: string): Generator<string> {
  yield folder;
  if (dirname(folder) !== folder) yield* ancestors(dirname(folder));
}
