import { type ErrorDetails, PackageVmError, errorCodeOf } from '@package-vm/errors';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { describeSystemError } from './system-error.js';

/** What is larger is not even read, to say how large it is. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * The bytes of a manifest. Waits for nothing and does not end up in anything endless: what is no regular file is refused.
 *
 * @throws PVM_NO_MANIFEST
 */
export function readManifest(path: string): Uint8Array {
  let fd: number;
  try {
    // a pipe would be waited for otherwise
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (errorCodeOf(cause) === 'ENOENT' || errorCodeOf(cause) === 'ENOTDIR') {
      throw new PackageVmError('PVM_NO_MANIFEST', `There is no manifest \`${path}\``, { cause, hint: 'Create one with `package-vm init`, or name another with `-c`.' });
    }
    const hint = errorCodeOf(cause) === 'EACCES' ? 'Let this user read it, or name another with `-c`.' : undefined;
    throw unreadable(path, describeSystemError(cause), { cause, hint });
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw unreadable(path, 'it is a folder', { hint: 'Name the file in it with `-c`.' });
    if (!stats.isFile()) throw unreadable(path, 'it is no regular file', { hint: 'Write it to a file, and name that with `-c`.' });
    if (stats.size > LIMIT_BYTES) throw unreadable(path, `it has ${stats.size} bytes`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function unreadable(path: string, why: string, details?: ErrorDetails): PackageVmError {
  return new PackageVmError('PVM_NO_MANIFEST', `The manifest \`${path}\` could not be read: ${why}`, details);
}
