import { PackageVmError, errorCodeOf } from '@package-vm/errors';
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
    if (errorCodeOf(cause) === 'ENOENT' || errorCodeOf(cause) === 'ENOTDIR') throw noManifest(`There is no manifest \`${path}\``, cause);
    throw noManifest(`The manifest \`${path}\` could not be read: ${describeSystemError(cause)}`, cause);
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw noManifest(`The manifest \`${path}\` could not be read: it is ${stats.isDirectory() ? 'a folder' : 'no regular file'}`);
    if (stats.size > LIMIT_BYTES) throw noManifest(`The manifest \`${path}\` could not be read: it has ${stats.size} bytes`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function noManifest(message: string, cause?: unknown): PackageVmError {
  return new PackageVmError('PVM_NO_MANIFEST', message, { cause, hint: 'Create one with `package-vm init`, or name another with `-c`.' });
}
