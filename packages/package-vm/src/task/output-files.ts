import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dirent } from 'node:fs';
import { errorCodeOf } from '@package-vm/errors';
import { digestLargeFile } from '../host-files/digest-files.js';
import { type OutputFile } from './run-result.js';
import { RESULT_NAME } from './task-result.js';

/** What a folder held at one time: relative path → what changes when a file is written. */
export type FolderState = ReadonlyMap<string, string>;

const MAX_FILES = 100_000;
/** A guest may leave a file of any size in no time; what is beyond this has no digest. */
const MAX_DIGESTED_BYTES = 16 * 1024 * 1024 * 1024;

/** The regular files below a folder; links and devices are not followed and not listed. At most 100,000 files. */
export async function readFolderState(folder: string): Promise<FolderState> {
  const state = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    for (const entry of await readEntries(join(folder, path))) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) await visit(child);
      else if (entry.isFile() && state.size < MAX_FILES) {
        const stat = await lstat(join(folder, child), { bigint: true });
        state.set(child, [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' '));
      }
    }
  };
  await visit('');
  return state;
}

/** Nothing where a program nested folders so deep that the host cannot name them, or closed them to us. */
async function readEntries(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (!['ENAMETOOLONG', 'EACCES'].includes(errorCodeOf(error) ?? '')) throw error;
    return [];
  }
}

/**
 * The files that are new or changed since `before`, but for the result; sorted by path. With their digests, up to 16 GiB in all,
 * where this user may read them.
 *
 * @throws PVM_CANCELLED
 */
export async function readOutputFiles(folder: string, before: FolderState, signal?: AbortSignal): Promise<readonly OutputFile[]> {
  const after = await readFolderState(folder);
  const changed = [...after].filter(([path, state]) => path !== RESULT_NAME && before.get(path) !== state).map(([path]) => path);
  changed.sort();
  const files: OutputFile[] = [];
  let digestedBytes = 0;
  for (const path of changed) {
    const { size } = await lstat(join(folder, path));
    digestedBytes += size;
    if (digestedBytes > MAX_DIGESTED_BYTES) files.push({ path, sizeBytes: size, sha256: undefined });
    else files.push(await digestOutput(folder, { path, sizeBytes: size, sha256: undefined }, signal));
  }
  return files;
}

async function digestOutput(folder: string, file: OutputFile, signal: AbortSignal | undefined): Promise<OutputFile> {
  try {
    const { sizeBytes, sha256 } = await digestLargeFile(join(folder, file.path), signal);
    return { ...file, sizeBytes, sha256 };
  } catch (error) {
    // a program may close its file to us
    if (errorCodeOf(error) !== 'PVM_NO_FILE') throw error;
    return file;
  }
}
