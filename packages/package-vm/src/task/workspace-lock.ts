import { createHash, randomUUID } from 'node:crypto';
import { link, lstat, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { isRunning } from '@package-vm/process';
import { makeFolder } from '../host-files/make-folder.js';
import { userCacheFolder } from '../host-files/user-cache-folder.js';

const DAY_MS = 24 * 3600 * 1000;

/** Of this process: a number that is found in a lock may be that of an earlier one. */
const held = new Set<string>();

/**
 * Keeps two runs out of one workspace, where each would take the other's task and result for its own. The lock is a file of the user's,
 * since a guest sees the workspace, and anybody may put a pipe, a link or somebody's number where temporary files are. What a killed run
 * left does not count. Where no such file can be made, nothing is locked.
 *
 * @throws PVM_BAD_WORKSPACE when another run of this user and machine has the folder
 */
export async function lockWorkspace(folder: string, place = join(userCacheFolder(), 'workspaces')): Promise<() => Promise<void>> {
  // a home may be shared by machines
  const path = join(place, createHash('sha256').update(`${hostname()}\0${folder}`).digest('hex').slice(0, 16));
  await makeFolder(place).catch(() => undefined);
  await sweep(place);
  const release = (): Promise<void> => {
    held.delete(path);
    return rm(path, { force: true });
  };
  if (await take(path)) return release;
  const pid = await holderOf(path);
  const isTaken = pid === process.pid ? held.has(path) : isAlive(pid);
  if (isTaken) {
    throw new PackageVmError('PVM_BAD_WORKSPACE', `The workspace \`${folder}\` is in use by another run (process ${pid})`, {
      hint: 'Give each run a folder of its own with `--workspace`, or none.',
    });
  }
  await rm(path, { force: true }).catch(() => undefined);
  return (await take(path)) ? release : () => Promise.resolve();
}

/** Nobody's lock names no process. */
function isAlive(pid: number): boolean {
  return pid > 0 && isRunning(pid);
}

async function holderOf(path: string): Promise<number> {
  return Number(await readFile(path, 'utf8').catch(() => ''));
}

/** Removes what killed runs left; after a day, since another machine or container may share the place but not the processes. */
async function sweep(place: string): Promise<void> {
  const names = await readdir(place).catch(() => []);
  for (const path of names.map((name) => join(place, name))) {
    const modified = await lstat(path).then(({ mtimeMs }) => mtimeMs, () => Infinity);
    if (Date.now() - modified > DAY_MS && !isAlive(await holderOf(path))) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** The file appears with its content: a half-written one would name nobody. */
async function take(path: string): Promise<boolean> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, String(process.pid), { flag: 'wx', mode: 0o644 });
    await link(unfinished, path);
    held.add(path);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return false;
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}
