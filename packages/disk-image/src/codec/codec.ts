import { type ByteReader } from './byte-reader.js';
import { type ByteWriter } from './byte-writer.js';

/**
 * One description of a piece of a format, from which reading and writing both follow. Reading refuses with the reader's fault;
 * writing refuses a value out of range with a `RangeError`, since only a bug gets there.
 */
export interface Codec<T> {
  /** `name` is the field's, for messages. */
  read(reader: ByteReader, name: string): T;
  write(writer: ByteWriter, value: T, name: string): void;
}

/** A codec whose values all take the same number of bytes. */
export interface FixedCodec<T> extends Codec<T> {
  readonly sizeBytes: number;
}

/** An unsigned integer in the reader's byte order; written little-endian. */
function unsigned(sizeBytes: 1 | 2 | 3 | 4): FixedCodec<number> {
  return {
    sizeBytes,
    read(reader, name) {
      const bytes = reader.take(sizeBytes, name);
      return (reader.littleEndian ? bytes.toReversed() : bytes).reduce((value, byte) => value * 256 + byte, 0);
    },
    write(writer, value, name) {
      requireRange({ name, value, minimum: 0, maximum: 256 ** sizeBytes - 1 });
      for (let shift = 0; shift < sizeBytes; shift++) writer.pushByte(Math.floor(value / 256 ** shift) % 256);
    },
  };
}

export const u8 = unsigned(1);
export const u16 = unsigned(2);
export const u24 = unsigned(3);
export const u32 = unsigned(4);

export const s32: FixedCodec<number> = {
  sizeBytes: 4,
  read: (reader, name) => u32.read(reader, name) | 0,
  write(writer, value, name) {
    requireRange({ name, value, minimum: -(2 ** 31), maximum: 2 ** 31 - 1 });
    u32.write(writer, value >>> 0, name);
  },
};

export const u64: FixedCodec<bigint> = {
  sizeBytes: 8,
  read(reader, name) {
    const { buffer, byteOffset } = reader.take(8, name);
    return new DataView(buffer, byteOffset).getBigUint64(0, reader.littleEndian);
  },
  write(writer, value, name) {
    if (value < 0n || value >= 1n << 64n) throw new RangeError(`${name} is ${value.toString()}, expected 0 to 2^64 - 1`);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    writer.push(bytes);
  },
};

/** A number of bytes that are carried as they are. */
export function bytes(sizeBytes: number): FixedCodec<Uint8Array> {
  return {
    sizeBytes,
    read: (reader, name) => reader.take(sizeBytes, name),
    write(writer, value, name) {
      if (value.length !== sizeBytes) throw new RangeError(`${name} has ${value.length} bytes, expected ${sizeBytes}`);
      writer.push(value);
    },
  };
}

/** Bytes that are always the same, such as a magic number; no part of the value. */
export function constant(expected: Uint8Array): FixedCodec<undefined> {
  return {
    sizeBytes: expected.length,
    read(reader, name) {
      const at = reader.position;
      const found = reader.take(expected.length, name);
      if (found.some((byte, index) => byte !== expected[index])) {
        throw reader.fault(`${name} is ${toHex(found)}, expected ${toHex(expected)}`, at);
      }
      return undefined;
    },
    write(writer) {
      writer.push(expected);
    },
  };
}

/** A code of which only the named values exist. */
export function choice<T>(codec: FixedCodec<number>, meanings: readonly (readonly [code: number, meaning: T])[]): FixedCodec<T> {
  return {
    ...codec,
    read(reader, name) {
      const at = reader.position;
      const code = codec.read(reader, name);
      const found = meanings.find(([known]) => known === code);
      if (found === undefined) throw reader.fault(`${name} is ${code}, expected ${meanings.map(([known]) => known).join(' or ')}`, at);
      return found[1];
    },
    write(writer, value, name) {
      const found = meanings.find(([, meaning]) => meaning === value);
      if (found === undefined) throw new RangeError(`${name} has no code for ${String(value)}`);
      codec.write(writer, found[0], name);
    },
  };
}

export function array<T>(codec: FixedCodec<T>, count: number): FixedCodec<readonly T[]> {
  return {
    sizeBytes: codec.sizeBytes * count,
    read: (reader, name) => Array.from({ length: count }, () => codec.read(reader, name)),
    write(writer, values, name) {
      if (values.length !== count) throw new RangeError(`${name} has ${values.length} elements, expected ${count}`);
      for (const value of values) codec.write(writer, value, name);
    },
  };
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function requireRange({ name, value, minimum, maximum }: { name: string; value: number; minimum: number; maximum: number }): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new RangeError(`${name} is ${value}, expected ${minimum} to ${maximum}`);
  }
}
