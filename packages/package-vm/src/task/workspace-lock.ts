import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { isRunning } from '@package-vm/process';

/** Of this process: a number that is found in a lock may be that of an earlier one. */
const held = new Set<string>();

/**
 * Keeps two runs out of one workspace, where each would take the other's task and result for its own. The lock is a file for temporary files,
 * since a guest sees the workspace; what a killed run left does not count. Where no such file can be made, nothing is locked.
 *
 * @throws PVM_BAD_WORKSPACE when another run of this machine has the folder
 */
export async function lockWorkspace(folder: string, place = tmpdir()): Promise<() => Promise<void>> {
  const path = join(place, `package-vm-lock-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
  const release = (): Promise<void> => {
    held.delete(path);
    return rm(path, { force: true });
  };
  if (await take(path)) return release;
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  const isTaken = pid === process.pid ? held.has(path) : pid > 0 && isRunning(pid);
  if (isTaken) {
    throw new PackageVmError('PVM_BAD_WORKSPACE', `The workspace \`${folder}\` is in use by another run (process ${pid})`, {
      hint: 'Give each run a folder of its own with `--workspace`, or none.',
    });
  }
  await rm(path, { force: true }).catch(() => undefined);
  return (await take(path)) ? release : () => Promise.resolve();
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
