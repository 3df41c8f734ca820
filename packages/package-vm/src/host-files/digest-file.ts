import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { type OpenFile, openRegularFile } from './file-source.js';

export interface FileDigest {
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** The first bytes, at most 64: enough to tell what kind of file it is. */
  readonly head: Uint8Array;
  /** Of a large file that was left alone while it was read; see `stampOf`. */
  readonly stamp?: string | undefined;
}

export const HEAD_BYTES = 64;
const CHUNK_BYTES = 1024 * 1024;

/** Size and SHA-256 of a file, read once in pieces of 1 MiB. @throws PVM_NO_FILE */
export function digestFile(path: string): FileDigest {
  return digestAndClose(openRegularFile(path));
}

/** The same of an open file, which is closed then. */
export function digestAndClose({ fd, sizeBytes: expectedBytes }: OpenFile): FileDigest {
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, expectedBytes + 1));
    let sizeBytes = 0;
    let head: Uint8Array = new Uint8Array();
    let count: number;
    do {
      count = readSync(fd, buffer);
      hash.update(buffer.subarray(0, count));
      if (sizeBytes === 0) head = Uint8Array.from(buffer.subarray(0, Math.min(count, HEAD_BYTES)));
      sizeBytes += count;
      // of a small file the first read tells that it ends there: there was room for more
    } while (count > 0 && !(sizeBytes === expectedBytes && count < buffer.length));
    return { sizeBytes, sha256: hash.digest('hex'), head };
  } finally {
    closeSync(fd);
  }
}

/** Size and SHA-256 of bytes. */
export function digestBytes(bytes: Uint8Array): FileDigest {
  return { sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), head: bytes.slice(0, HEAD_BYTES) };
}
