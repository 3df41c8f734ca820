import { PackageVmError } from '@package-vm/errors';
import { ByteReader } from '../codec/byte-reader.js';
import { type ByteSource } from '../tree.js';

/** A range of an ELF file, in bytes, as the file says it. */
export interface Range {
  readonly offset: bigint;
  readonly length: bigint;
}

/** Pieces of an ELF file, each seen to lie inside it before it is read. */
export class ElfBytes {
  readonly #source: ByteSource;
  readonly #byteOrder: 'little' | 'big';

  constructor(source: ByteSource, byteOrder: 'little' | 'big') {
    this.#source = source;
    this.#byteOrder = byteOrder;
  }

  piece(name: string, { offset, length }: Range): ByteReader {
    const { sizeBytes } = this.#source;
    if (offset + length > BigInt(sizeBytes)) throw this.fault(`${name} of ${length.toString()} bytes ends after the file's ${sizeBytes}`, offset);
    const start = Number(offset);
    return new ByteReader(this.#source.read(start, Number(length)), {
      code: 'PVM_BAD_ELF',
      byteOrder: this.#byteOrder,
      locate: (position) => start + position,
    });
  }

  fault(message: string, offset: bigint): PackageVmError {
    return new PackageVmError('PVM_BAD_ELF', `${message} (at byte ${offset.toString()})`);
  }
}
