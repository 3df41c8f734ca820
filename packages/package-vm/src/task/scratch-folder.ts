import { tmpdir } from 'node:os';
import { rm } from 'node:fs/promises';
import { errorCodeOf } from '@package-vm/errors';
import { makeTemporaryFolder, runProgram } from '@package-vm/process';
import { writeFailed } from '../host-files/write-failed.js';

/** Makes a fresh folder of a run, named after the prefix; what killed runs left of the kind is swept. @throws PVM_WRITE_FAILED */
export function makeScratchFolder(prefix: string): Promise<string> {
  return writingScratch(tmpdir(), () => makeTemporaryFolder(prefix));
}

/** Writes something to a place for temporary files, which may be full or closed. @throws PVM_WRITE_FAILED, and what `write` throws of ours */
export async function writingScratch<T>(place: string, write: () => Promise<T> | T): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw writeFailed(place, cause, 'Set TMPDIR to a folder with enough room that this user may write to.');
  }
}

/** Removes a run's folder with whatever a program left in it: nested deeper than Node can name, or closed to us by its mode. */
export async function removeScratchFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    if (!['ENAMETOOLONG', 'EACCES'].includes(errorCodeOf(error) ?? '')) throw error;
    const missing = { purpose: 'remove what a program left', install: 'apt-get install coreutils' };
    await runProgram({ program: 'chmod', args: ['-R', 'u+rwX', folder], accept: 'any', missing });
    await runProgram({ program: 'rm', args: ['-rf', folder], missing });
  }
}
