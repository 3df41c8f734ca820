import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessageOf } from '@package-vm/errors';
import { writeFailed } from '../host-files/write-failed.js';

export interface SerialLog {
  /** Undefined where nothing is kept. */
  readonly path: string | undefined;
  readonly note: string | undefined;
  write(chunk: Uint8Array): void;
  close(): void;
}

export const SERIAL_LOG_MAX_BYTES = 64 * 1024 * 1024;

/**
 * Keeps what the VM prints in a file, at most the first 64 MiB. A file that was asked for must be writable; the usual one, beside
 * the workspace, is left out with a note where it cannot be written.
 *
 * @throws PVM_WRITE_FAILED
 */
export function openSerialLog({ wanted, usual }: { readonly wanted: string | undefined; readonly usual: string | undefined }): SerialLog {
  const path = wanted ?? usual;
  if (path === undefined) return { path, note: undefined, write: () => undefined, close: () => undefined };
  try {
    if (wanted !== undefined) mkdirSync(dirname(path), { recursive: true });
    return new LogFile(path);
  } catch (cause) {
    const failure = writeFailed(path, cause);
    if (wanted !== undefined) throw failure;
    return { path: undefined, note: `No serial log is kept: ${errorMessageOf(failure)}.`, write: () => undefined, close: () => undefined };
  }
}

class LogFile implements SerialLog {
  readonly path: string;
  readonly #fd: number;
  #leftBytes = SERIAL_LOG_MAX_BYTES;
  #note: string | undefined;

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'w');
  }

  get note(): string | undefined {
    return this.#note;
  }

  write(chunk: Uint8Array): void {
    const piece = chunk.subarray(0, this.#leftBytes);
    this.#leftBytes -= piece.length;
    if (piece.length < chunk.length) this.#note = `The serial log holds the first ${SERIAL_LOG_MAX_BYTES / 1024 / 1024} MiB only.`;
    try {
      for (let done = 0; done < piece.length; ) done += writeSync(this.#fd, piece, done);
    } catch (cause) {
      // the run matters more than its log
      this.#leftBytes = 0;
      this.#note = `The serial log is cut short: ${errorMessageOf(writeFailed(this.path, cause))}.`;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}
