import { PackageVmError, errorMessageOf } from '@package-vm/errors';
import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes a file anew beside itself and puts it in place at once, with the mode it had: whenever the process is killed, the file is as before or
 * as it should be. A link is followed, and stays one.
 *
 * @throws PVM_FILE_CHANGED when the file is not `expected` any more, PVM_WRITE_FAILED; the file then stays as it is
 */
export function replaceFile(path: string, { expected, text }: { readonly expected: string; readonly text: string }): void {
  const target = realpathSync(path);
  const temporary = join(dirname(target), `.package-vm-${process.pid}.tmp`);
  if (readFileSync(target, 'utf8') !== expected) {
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
    throw new PackageVmError('PVM_WRITE_FAILED', `Could not write \`${path}\`: ${errorMessageOf(cause)}`, { cause });
  }
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
