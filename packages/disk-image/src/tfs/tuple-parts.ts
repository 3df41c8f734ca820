import { ByteReader } from '../codec/byte-reader.js';

interface Part {
  readonly bytes: Uint8Array;
  /** Where it starts in the tuple, and on the disk. */
  readonly start: number;
  readonly offset: number;
}

/** A tuple of the log while its records are read: one, or several with links between them. */
export class TupleParts {
  readonly totalBytes: number;
  readonly #parts: Part[] = [];
  #length = 0;

  constructor(totalBytes: number) {
    this.totalBytes = totalBytes;
  }

  get missingBytes(): number {
    return this.totalBytes - this.#length;
  }

  /** Adds the bytes that a record has just been read for. */
  add(bytes: Uint8Array, record: ByteReader): void {
    if (bytes.length > this.missingBytes) {
      throw record.fault(`Record has ${bytes.length} bytes of a tuple of which ${this.missingBytes} are missing`, record.position - bytes.length);
    }
    this.#parts.push({ bytes, start: this.#length, offset: record.locate(record.position - bytes.length) });
    this.#length += bytes.length;
  }

  /** The whole tuple; faults in it name bytes of the disk, whichever part they are in. */
  reader(): ByteReader {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first.bytes : this.#join();
    return new ByteReader(bytes, { locate: (position) => this.#offsetOf(position) });
  }

  #join(): Uint8Array {
    const joined = new Uint8Array(this.#length);
    for (const { bytes, start } of this.#parts) joined.set(bytes, start);
    return joined;
  }

  #offsetOf(position: number): number {
    const part = this.#parts.findLast(({ start }) => start <= position);
    return part === undefined ? 0 : part.offset + position - part.start;
  }
}
