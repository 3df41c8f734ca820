import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolderSync } from '../host-files/make-folder.js';
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
/** The file follows the console with no more delay than this. */
const FLUSH_AFTER_MS = 100;
const HELD_MAX_BYTES = 64 * 1024;

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
    if (wanted !== undefined) makeFolderSync(dirname(path));
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
  #isCutShort = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #note: string | undefined;

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'w');
  }

  get note(): string | undefined {
    return this.#note;
  }

  write(chunk: Uint8Array): void {
    if (this.#isCutShort) return;
    const piece = chunk.subarray(0, this.#leftBytes);
    this.#leftBytes -= piece.length;
    if (piece.length < chunk.length) this.#note = `The serial log holds the first ${SERIAL_LOG_MAX_BYTES / 1024 / 1024} MiB only.`;
    this.#held.push(Uint8Array.from(piece));
    this.#heldBytes += piece.length;
    // QEMU hands over single bytes
    if (this.#heldBytes >= HELD_MAX_BYTES) this.#flush();
    else this.#timer ??= setTimeout(() => { this.#flush(); }, FLUSH_AFTER_MS).unref();
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    } catch (cause) {
      // the run matters more than its log
      this.#isCutShort = true;
      this.#note = `The serial log is cut short: ${errorMessageOf(writeFailed(this.path, cause))}.`;
    }
  }
}
