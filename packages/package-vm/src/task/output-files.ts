import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFile } from '../host-files/digest-file.js';
import { type OutputFile } from './run-result.js';
import { RESULT_NAME } from './task-result.js';

/** What a folder held at one time: relative path → what changes when a file is written. */
export type FolderState = ReadonlyMap<string, string>;

const MAX_FILES = 100_000;

/** The regular files below a folder; links and devices are not followed and not listed. At most 100,000 files. */
export async function readFolderState(folder: string): Promise<FolderState> {
  const state = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
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

/** The files that are new or changed since `before`, but for the result, with their digests; sorted by path. */
export async function readOutputFiles(folder: string, before: FolderState): Promise<readonly OutputFile[]> {
  const after = await readFolderState(folder);
  const changed = [...after].filter(([path, state]) => path !== RESULT_NAME && before.get(path) !== state).map(([path]) => path);
  changed.sort();
  return changed.map((path) => {
    const { sizeBytes, sha256 } = digestFile(join(folder, path));
    return { path, sizeBytes, sha256 };
  });
}
