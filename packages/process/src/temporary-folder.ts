import { lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './is-running.js';

const DAY_MS = 24 * 3600 * 1000;

/**
 * Makes a fresh folder for temporary files, named after the prefix and this process, and removes those of the same prefix that
 * killed processes left: older than a day, since another container may share the place but not the processes. No links in its path.
 */
export async function makeTemporaryFolder(prefix: string, parent = tmpdir()): Promise<string> {
  const place = await realpath(parent);
  await sweep(place, prefix);
  return mkdtemp(join(place, `${prefix}${process.pid}-`));
}

async function sweep(place: string, prefix: string): Promise<void> {
  for (const name of await readdir(place)) {
    const pid = name.startsWith(prefix) ? /^\d+(?=-)/.exec(name.slice(prefix.length))?.[0] : undefined;
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(place, name);
    // gone meanwhile, or another user's
    const modified = await lstat(path).then(({ mtimeMs }) => mtimeMs, () => Infinity);
    if (Date.now() - modified > DAY_MS) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
