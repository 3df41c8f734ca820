import { type ByteSource } from '@package-vm/disk-image';
import { type ErrorDetails, PackageVmError } from '@package-vm/errors';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { describeSystemError } from './system-error.js';

/** An open file as random-access bytes. Close it when done. */
export interface FileSource extends ByteSource {
  readonly path: string;
  close(): void;
}

/** Opens a regular file for random access. @throws PVM_NO_FILE */
export function openFileSource(path: string): FileSource {
  const { fd, sizeBytes } = openRegularFile(path);
  return {
    path,
    sizeBytes,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > sizeBytes) {
        throw new RangeError(`bytes ${offset}–${offset + length} lie outside \`${path}\`, which has ${sizeBytes}`);
      }
      const bytes = Buffer.allocUnsafe(length);
      readFully(fd, path, bytes, offset);
      return bytes;
    },
    close() {
      closeSync(fd);
    },
  };
}

/** An open regular file, with its size when it was opened. */
export interface OpenFile {
  readonly fd: number;
  readonly sizeBytes: number;
}

/** Opens a file and refuses what is no regular file. @throws PVM_NO_FILE */
export function openRegularFile(path: string): OpenFile {
  let fd: number;
  try {
    // a pipe would be waited for otherwise, and no signal heard meanwhile
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw noFile(path, describeSystemError(cause), { cause });
  }
  const stats = fstatSync(fd);
  if (stats.isFile()) return { fd, sizeBytes: stats.size };
  closeSync(fd);
  if (stats.isFIFO()) throw noFile(path, 'it is a pipe', { hint: 'Write what comes through it to a file, and name that.' });
  throw noFile(path, stats.isDirectory() ? 'it is a folder' : 'it is no regular file');
}

/** Fills `bytes` from the file. @throws PVM_FILE_CHANGED when it ends early */
export function readFully(fd: number, path: string, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(fd, bytes, done, bytes.length - done, offset + done);
    if (count === 0) throw fileChanged(path);
    done += count;
  }
}

/** The file is not what it was a moment ago. */
export function fileChanged(path: string): PackageVmError {
  return new PackageVmError('PVM_FILE_CHANGED', `\`${path}\` changed while it was read`, {
    hint: 'Let whatever writes it finish, then start again.',
  });
}

function noFile(path: string, why: string, details?: ErrorDetails): PackageVmError {
  return new PackageVmError('PVM_NO_FILE', `Could not read \`${path}\`: ${why}`, details);
}
