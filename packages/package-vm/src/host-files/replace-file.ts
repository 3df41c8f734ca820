import { PackageVmError } from '@package-vm/errors';
import { accessSync, closeSync, constants, fchmodSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFailed } from './write-failed.js';

/**
 * Writes a file anew beside itself and puts it in place at once, with the mode it had: whenever the process is killed, the file is as before or
 * as it should be. A link is followed, and stays one. What is protected against writing is not replaced either.
 *
 * @throws PVM_FILE_CHANGED when the file's bytes are not `expected` any more, PVM_WRITE_FAILED; the file then stays as it is
 */
export function replaceFile(path: string, { expected, text }: { readonly expected: Uint8Array; readonly text: string }): void {
  const target = realpathSync(path);
  const temporary = join(dirname(target), `.package-vm-${process.pid}.tmp`);
  refuseProtected(path, target);
  if (!readFileSync(target).equals(expected)) {
    throw new PackageVmError('PVM_FILE_CHANGED', `\`${path}\` was changed meanwhile`, { hint: 'Start again.' });
  }
  try {
    writeBeside(temporary, text, statSync(target).mode & 0o7777);
    try {
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary);
      throw error;
    }
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

/** Renaming needs only a folder that can be written to; and nothing is protected from root. */
function refuseProtected(path: string, target: string): void {
  if ((statSync(target).mode & 0o222) !== 0) {
    try {
      accessSync(target, constants.W_OK);
      return;
    } catch (cause) {
      throw writeFailed(path, cause);
    }
  }
  throw new PackageVmError('PVM_WRITE_FAILED', `Could not write \`${path}\`: it is protected against writing`, { hint: 'Make it writable with `chmod u+w`.' });
}

function writeBeside(path: string, text: string, mode: number): void {
  const fd = openSync(path, 'wx', mode);
  try {
    writeFileSync(fd, text);
    // whatever the umask says
    fchmodSync(fd, mode);
    fsyncSync(fd);
  } catch (error) {
    rmSync(path);
    throw error;
  } finally {
    closeSync(fd);
  }
}
