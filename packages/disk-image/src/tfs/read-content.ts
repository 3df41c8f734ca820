import { SECTOR_BYTES } from '../layout.js';
import { type Region } from '../region.js';
import { type FileContent } from './entry-tuples.js';

const CHUNK_BYTES = 1024 * 1024;

/** A file's bytes in chunks of at most 1 MiB, holes as zeros. Chunks are the reader's only until it asks for the next. */
export function* readContent(region: Region, { sizeBytes, extents }: FileContent): Generator<Uint8Array> {
  let position = 0;
  for (const { fileSector, diskSector, sectorCount, isBlank } of extents) {
    const start = Math.min(fileSector * SECTOR_BYTES, sizeBytes);
    const end = Math.min((fileSector + sectorCount) * SECTOR_BYTES, sizeBytes);
    yield* zeros((isBlank ? end : start) - position);
    if (!isBlank) yield* readRange(region, { offset: diskSector * SECTOR_BYTES, length: end - start });
    position = end;
  }
  yield* zeros(sizeBytes - position);
}

function* readRange(region: Region, { offset, length }: { offset: number; length: number }): Generator<Uint8Array> {
  for (const [start, size] of chunksOf(length)) yield region.read(offset + start, size);
}

function* zeros(length: number): Generator<Uint8Array> {
  if (length === 0) return;
  const chunk = new Uint8Array(Math.min(length, CHUNK_BYTES));
  for (const [, size] of chunksOf(length)) yield chunk.subarray(0, size);
}

function* chunksOf(length: number): Generator<readonly [start: number, size: number]> {
  for (let start = 0; start < length; start += CHUNK_BYTES) yield [start, Math.min(CHUNK_BYTES, length - start)];
}
