import { type ErrorCode, PackageVmError } from '@package-vm/errors';

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
  readonly #code: ErrorCode;
  readonly #locate: (position: number) => number;

  constructor(bytes: Uint8Array, { code = 'PVM_BAD_IMAGE', locate = (position) => position, byteOrder = 'little' }: ByteReaderOptions = {}) {
    this.bytes = bytes;
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
}
