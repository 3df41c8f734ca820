import { type ImageLayout } from '@package-vm/disk-image';
import { PackageVmError } from '@package-vm/errors';
import { createHash } from 'node:crypto';
import { closeSync, fstatSync } from 'node:fs';
import { type FileHandle } from 'node:fs/promises';
import { stampOf } from '../host-files/file-stamp.js';
import { fileChanged, openRegularFile, readFully } from '../host-files/file-source.js';
import { type PlannedFile } from '../plan/plan.js';
import { hashBeside, hashHere, type ImageDigests, type ImageHasher } from './image-hasher.js';

export interface WriteImageOptions {
  readonly layout: ImageLayout;
  /** An empty file, open for writing. */
  readonly file: FileHandle;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** From this size on, hashing gets a thread of its own; default 64 MiB. */
  readonly hashBesideFromBytes?: number;
}

/** Larger writes make Linux take memory in blocks of 2 MiB, which a virtual machine may first have to get from its host: 1 MiB each took 1 s more for 1 GiB. */
const PIECE_BYTES = 128 * 1024;
/** Pieces under way: one is filled while the others are written and hashed. */
const PIECE_COUNT = 16;
const HASH_BESIDE_FROM_BYTES = 64 * 1024 * 1024;

/**
 * Writes an image from front to back in constant memory, hashing it in the same pass. Each file is held against the size and digest
 * that the layout was made of.
 *
 * @throws PVM_FILE_CHANGED, PVM_NO_FILE, PVM_CANCELLED; system errors of writing as they are
 */
export async function writeImage(options: WriteImageOptions): Promise<ImageDigests> {
  const { layout, file, onProgress, signal } = options;
  const beside = layout.sizeBytes >= (options.hashBesideFromBytes ?? HASH_BESIDE_FROM_BYTES);
  const hasher = beside ? hashBeside() : hashHere();
  const output = new PieceWriter(file, hasher, (doneBytes) => {
    if (signal?.aborted === true) throw new PackageVmError('PVM_CANCELLED', 'Writing the image was stopped on request');
    onProgress?.(doneBytes, layout.sizeBytes);
  });
  try {
    for (const segment of layout.segments) {
      if (segment.kind === 'bytes') await output.append(segment.bytes);
      else if (segment.kind === 'zeros') await output.appendZeros(segment.sizeBytes);
      // the layout gives back the very entries of the plan
      else await appendFile(output, segment.entry as PlannedFile);
    }
    await output.finish();
    return await hasher.digest();
  } finally {
    await output.settle();
    await hasher.close();
  }
}

async function appendFile(output: PieceWriter, entry: PlannedFile): Promise<void> {
  if ('bytes' in entry.content) {
    await output.append(entry.content.bytes);
    return;
  }
  const { hostPath, stamp } = entry.content;
  const { fd, sizeBytes } = openRegularFile(hostPath);
  // a large file is hashed again only where its stamp no longer tells that it is what was planned
  const isStamped = (): boolean => stamp !== undefined && stampOf(fstatSync(fd, { bigint: true })) === stamp;
  try {
    if (sizeBytes !== entry.sizeBytes) throw fileChanged(hostPath);
    const hash = isStamped() ? undefined : createHash('sha256');
    for (let offset = 0; offset < entry.sizeBytes; ) {
      const room = (await output.room()).subarray(0, entry.sizeBytes - offset);
      readFully(fd, hostPath, room, offset);
      hash?.update(room);
      output.advance(room.length);
      offset += room.length;
    }
    if (hash === undefined ? !isStamped() : hash.digest('hex') !== entry.sha256) throw fileChanged(hostPath);
  } finally {
    closeSync(fd);
  }
}

/** Collects bytes into pieces; each full piece is written and hashed while the next is filled. */
class PieceWriter {
  readonly #file: FileHandle;
  readonly #hasher: ImageHasher;
  readonly #onPiece: (doneBytes: number) => void;
  readonly #pieces = Array.from({ length: PIECE_COUNT }, () => ({
    // shared memory, so that the hashing thread sees the same bytes
    bytes: new Uint8Array(new SharedArrayBuffer(PIECE_BYTES)),
    busy: Promise.resolve<unknown>(undefined),
  }));
  #current = 0;
  #filled = 0;
  #doneBytes = 0;

  constructor(file: FileHandle, hasher: ImageHasher, onPiece: (doneBytes: number) => void) {
    this.#file = file;
    this.#hasher = hasher;
    this.#onPiece = onPiece;
  }

  /** Memory to fill next, never empty. Say how much was filled with {@link advance}. */
  async room(): Promise<Uint8Array> {
    if (this.#filled === PIECE_BYTES) await this.#send();
    return this.#piece().bytes.subarray(this.#filled);
  }

  advance(length: number): void {
    this.#filled += length;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; ) {
      const room = await this.room();
      const part = bytes.subarray(offset, offset + room.length);
      room.set(part);
      this.advance(part.length);
      offset += part.length;
    }
  }

  async appendZeros(sizeBytes: number): Promise<void> {
    for (let left = sizeBytes; left > 0; ) {
      const room = (await this.room()).subarray(0, left);
      room.fill(0);
      this.advance(room.length);
      left -= room.length;
    }
  }

  async finish(): Promise<void> {
    await this.#send();
    await Promise.all(this.#pieces.map(({ busy }) => busy));
  }

  /** Waits for what is under way, whatever becomes of it. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#pieces.map(({ busy }) => busy));
  }

  async #send(): Promise<void> {
    const piece = this.#piece();
    const bytes = piece.bytes.subarray(0, this.#filled);
    piece.busy = Promise.all([writeFully(this.#file, bytes, this.#doneBytes), this.#hasher.update(bytes)]);
    // a failure is met when the piece is next waited for; until then it must not count as unhandled
    piece.busy.catch(() => undefined);
    this.#doneBytes += this.#filled;
    this.#onPiece(this.#doneBytes);
    this.#filled = 0;
    this.#current = (this.#current + 1) % PIECE_COUNT;
    await this.#piece().busy;
  }

  #piece(): { bytes: Uint8Array; busy: Promise<unknown> } {
    const piece = this.#pieces[this.#current];
    if (piece === undefined) throw new RangeError('no such piece');
    return piece;
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
