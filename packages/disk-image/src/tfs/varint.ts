import { type ByteReader } from '../codec/byte-reader.js';
import { type ByteWriter } from '../codec/byte-writer.js';
import { type Codec } from '../codec/codec.js';

/** Groups of seven bits, the most significant first, bit 7 on all but the last: 300 is `82 2c`. Not LEB128. */
export const varint: Codec<number> = {
  read: (reader, name) => readGroups(reader, { name, start: 0 }),
  write(writer, value, name) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} is ${value}, expected 0 to 2^53 - 1`);
    writeGroups(writer, value);
  },
};

/** As {@link varint}, for the 64 bits of an integer value. */
export const varint64: Codec<bigint> = {
  read(reader, name) {
    const at = reader.position;
    let value = 0n;
    for (;;) {
      const group = reader.takeByte(name);
      value = (value << 7n) | BigInt(group & 0x7f);
      if (value >> 64n !== 0n) throw reader.fault(`${name} does not fit in 64 bits`, at);
      if (group < 0x80) return value;
    }
  },
  write(writer, value, name) {
    if (value < 0n || value >> 64n !== 0n) throw new RangeError(`${name} is ${value.toString()}, expected 0 to 2^64 - 1`);
    const groups = [Number(value & 0x7fn)];
    for (let rest = value >> 7n; rest > 0n; rest >>= 7n) groups.unshift(Number(rest & 0x7fn) | 0x80);
    for (const group of groups) writer.pushByte(group);
  },
};

/** Groups that continue a number of which `start` are the bits read so far. */
export function readGroups(reader: ByteReader, { name, start }: { name: string; start: number }): number {
  const at = reader.position;
  let value = start;
  for (;;) {
    const group = reader.takeByte(name);
    value = value * 128 + (group & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER) throw reader.fault(`${name} is larger than 2^53 - 1`, at);
    if (group < 0x80) return value;
  }
}

/** The groups of a number; with `groupCount`, exactly its low groups. */
export function writeGroups(writer: ByteWriter, value: number, groupCount = groupsOf(value)): void {
  for (let index = groupCount - 1; index >= 0; index--) {
    writer.pushByte((Math.floor(value / 128 ** index) % 128) | (index > 0 ? 0x80 : 0));
  }
}

function groupsOf(value: number): number {
  let count = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) count++;
  return count;
}
