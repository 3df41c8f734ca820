import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { ownFile } from '../host-files/own-file.js';

/** Digests of a whole image, lower-case hexadecimal. A Gevulot node names an image by its BLAKE3. */
export interface ImageDigests {
  readonly sha256: string;
  readonly blake3: string;
}

/** Hashes an image piece by piece, in order. */
export interface ImageHasher {
  /** Resolves when the piece has been hashed and its memory may be used again. */
  update(piece: Uint8Array): Promise<void>;
  digest(): Promise<ImageDigests>;
  close(): Promise<void>;
}

/** Hashes on this thread: for small images, where starting a thread costs more than hashing. */
export function hashHere(): ImageHasher {
  const sha256 = createHash('sha256');
  const blake3 = new Blake3Hasher();
  return {
    update(piece) {
      sha256.update(piece);
      blake3.update(piece);
      return Promise.resolve();
    },
    digest: () => Promise.resolve({ sha256: sha256.digest('hex'), blake3: blake3.digest('hex') }),
    close: () => Promise.resolve(),
  };
}

/**
 * Leaves SHA-256, four times as slow as BLAKE3, to a thread of its own, while this one reads and writes.
 * Pieces must lie in shared memory: only their place is sent.
 */
export function hashBeside(): ImageHasher {
  const blake3 = new Blake3Hasher();
  const worker = new Worker(ownFile('dist/build/image-hasher-worker.js'));
  const waiting: { resolve: (answer: unknown) => void; reject: (error: unknown) => void }[] = [];
  worker.on('message', (answer: unknown) => waiting.shift()?.resolve(answer));
  const fail = (error: unknown): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('error', fail);
  worker.on('exit', () => {
    fail(new Error('the hashing thread ended early'));
  });
  const ask = (question: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.postMessage(question);
    });
  return {
    async update(piece) {
      const hashed = ask(piece);
      blake3.update(piece);
      await hashed;
    },
    digest: async () => ({ sha256: String(await ask('digest')), blake3: blake3.digest('hex') }),
    async close() {
      await worker.terminate();
    },
  };
}
