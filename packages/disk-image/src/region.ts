import { type ByteSource } from './tree.js';

/** A part of a disk, such as a partition. `read` counts from its start. */
export interface Region extends ByteSource {
  /** Where it starts on the disk, for messages. */
  readonly offset: number;
}

export function regionOf(source: ByteSource, { offset, sizeBytes }: { offset: number; sizeBytes: number }): Region {
  return { offset, sizeBytes, read: (at, length) => source.read(offset + at, length) };
}
