import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning } from '@package-vm/process';
import { withFileLock } from '../host-files/file-lock.js';
import { makeFolder } from '../host-files/make-folder.js';
import { writeFailed } from '../host-files/write-failed.js';

export interface OutputPair {
  readonly imagePath: string;
  readonly resultPath: string;
  /** Writes the image into an empty file, given open and by its path, and gives the text of the result file. */
  readonly write: (image: FileHandle, path: string) => Promise<string>;
  /** Whether to wait for the disk, so that the pair survives a power loss. */
  readonly sync: boolean;
}

/** So long a build waits for one that was killed between two renames. */
const LOCK_STALE_MS = 2000;

let count = 0;

/**
 * Puts an image and its result file in place so that the pair is always absent, old or complete, whenever this process is
 * killed: both are written beside their places, the old result is removed, the image renamed, the result renamed last.
 * What killed processes left behind is swept.
 *
 * @throws PVM_WRITE_FAILED and what `write` throws
 */
export async function writeOutputPair({ imagePath, resultPath, write, sync }: OutputPair): Promise<void> {
  const folder = dirname(imagePath);
  count += 1;
  const stem = join(folder, `.${basename(imagePath)}.${process.pid}-${count}`);
  const failure = (cause: unknown): unknown => writeFailed(imagePath, cause, 'Free some space or allow writing there, or choose another place with `-o`.');
  const [newImage, newResult] = [`${stem}.img.tmp`, `${stem}.json.tmp`];
  try {
    await makeFolder(folder);
    await sweep(folder);
    const result = await withNewFile(newImage, sync, write);
    await withNewFile(newResult, sync, (file) => file.writeFile(result));
    // two builds may put the same image in place at once: the last one's pair stays, and whole
    await withFileLock({ path: join(folder, `.${basename(imagePath)}.lock`), staleMs: LOCK_STALE_MS, failure }, async () => {
      await rm(resultPath, { force: true });
      await rename(newImage, imagePath);
      await rename(newResult, resultPath);
    });
    if (sync) await syncFolder(folder);
  } catch (error) {
    throw failure(error);
  } finally {
    await Promise.all([rm(newImage, { force: true }), rm(newResult, { force: true })]).catch(() => undefined);
  }
}

async function withNewFile<Result>(path: string, sync: boolean, write: (file: FileHandle, path: string) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'wx');
  try {
    const result = await write(file, path);
    if (sync) await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes temporary files of processes that no longer run. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^\..+\.(\d+)-\d+\.(?:img|json)\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}
