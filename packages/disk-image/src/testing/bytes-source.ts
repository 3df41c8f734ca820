import { type ByteSource } from '../tree.js';

/** Bytes in memory as a disk or file. Counts what is read of them. */
export class BytesSource implements ByteSource {
  readonly bytes: Uint8Array;
  readBytes = 0;
  largestReadBytes = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get sizeBytes(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.bytes.length) throw new RangeError(`read of ${length} bytes at ${offset} of ${this.bytes.length}`);
    this.readBytes += length;
    this.largestReadBytes = Math.max(this.largestReadBytes, length);
    return this.bytes.subarray(offset, offset + length);
  }
}
