import { open } from 'node:fs/promises';
import { fileChanged } from '../host-files/file-source.js';
import { type ImageDigests, hashBeside, hashHere } from './image-hasher.js';

const PIECE_BYTES = 1024 * 1024;
const HASH_BESIDE_FROM_BYTES = 64 * PIECE_BYTES;

/** The digests of an image that is there already, in constant memory; one piece is read while the other is hashed. */
export async function digestImage(path: string): Promise<ImageDigests> {
  const file = await open(path);
  const { size } = await file.stat();
  const hasher = size >= HASH_BESIDE_FROM_BYTES ? hashBeside() : hashHere();
  const pieces = Array.from({ length: 2 }, () => ({ bytes: new Uint8Array(new SharedArrayBuffer(PIECE_BYTES)), busy: Promise.resolve() }));
  try {
    for (let offset = 0, index = 0; offset < size; index = 1 - index) {
      const piece = pieces[index];
      if (piece === undefined) throw new RangeError('no such piece');
      await piece.busy;
      const { bytesRead } = await file.read(piece.bytes, 0, PIECE_BYTES, offset);
      if (bytesRead === 0) throw fileChanged(path);
      offset += bytesRead;
      piece.busy = hasher.update(piece.bytes.subarray(0, bytesRead));
    }
    await Promise.all(pieces.map(({ busy }) => busy));
    return await hasher.digest();
  } finally {
    await hasher.close();
    await file.close();
  }
}
