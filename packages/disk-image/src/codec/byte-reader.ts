import { type ErrorCode, PackageVmError } from '@package-vm/errors';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface ByteReaderOptions {
  /** Code of the faults found in these bytes. */
  readonly code?: ErrorCode;
  /** Where a position of these bytes is in the disk or file, for messages. */
  readonly locate?: (position: number) => number;
  readonly byteOrder?: 'little' | 'big';
}

/** Reads bytes from front to back. What is wrong with them becomes an error that names the byte of the disk or file. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  position = 0;
  /** The same bytes, for their fast conversion to text. */
  readonly #buffer: Buffer;
  readonly #code: ErrorCode;
  readonly #locate: (position: number) => number;

  constructor(bytes: Uint8Array, { code = 'PVM_BAD_IMAGE', locate = (position) => position, byteOrder = 'little' }: ByteReaderOptions = {}) {
    this.bytes = bytes;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.littleEndian = byteOrder === 'little';
    this.#code = code;
    this.#locate = locate;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** The next `length` bytes, not copied. */
  take(length: number, name: string): Uint8Array {
    this.require(length, name);
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  takeByte(name: string): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) throw this.fault(`${name} needs 1 byte, found 0`);
    this.position++;
    return byte;
  }

  /** The next `length` bytes as text. Text that is not UTF-8 is refused: its bytes could not be given back. */
  takeText(length: number, name: string): string {
    this.require(length, name);
    const start = this.position;
    this.position += length;
    // most text is short ASCII, for which a TextDecoder costs ten times as much
    if (this.#isAscii(start, this.position)) return this.#buffer.toString('latin1', start, this.position);
    try {
      return utf8.decode(this.bytes.subarray(start, this.position));
    } catch {
      throw this.fault(`${name} is not UTF-8`, start);
    }
  }

  require(length: number, name: string): void {
    if (this.remaining < length) throw this.fault(`${name} needs ${length} bytes, found ${this.remaining}`);
  }

  /** Where a position of these bytes is in the disk or file. */
  locate(position = this.position): number {
    return this.#locate(position);
  }

  fault(message: string, position = this.position): PackageVmError {
    return new PackageVmError(this.#code, `${message} (at byte ${this.locate(position)})`);
  }

  #isAscii(start: number, end: number): boolean {
    for (let position = start; position < end; position++) {
      if ((this.bytes[position] ?? 0) >= 0x80) return false;
    }
    return true;
  }
}
