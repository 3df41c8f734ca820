import { type Codec } from '../codec/codec.js';
import { readGroups, writeGroups } from './varint.js';

export interface ValueHeader {
  /** False for a reference to something that the log's dictionary knows already. */
  readonly isImmediate: boolean;
  /** One of `VALUE_TYPES`. */
  readonly type: number;
  /** Bytes, attributes, elements, sign, or an index of the dictionary: the type decides. */
  readonly length: number;
}

const IMMEDIATE = 0x80;
const TYPE_SHIFT = 4;
const EXTENDED = 0x08;
/** The length's highest bits lie in the first byte, the others follow in groups of seven. */
const LENGTH_MASK = 0x07;

/** What every value and every name begins with: immediate (bit 7), type (6–4), extended (3), length (2–0). */
export const valueHeader: Codec<ValueHeader> = {
  read(reader, name) {
    const first = reader.takeByte(name);
    const start = first & LENGTH_MASK;
    return {
      isImmediate: (first & IMMEDIATE) !== 0,
      type: (first >> TYPE_SHIFT) & 0x07,
      length: first & EXTENDED ? readGroups(reader, { name, start }) : start,
    };
  },
  write(writer, { isImmediate, type, length }) {
    let groupCount = 0;
    while (Math.floor(length / 128 ** groupCount) > LENGTH_MASK) groupCount++;
    const start = Math.floor(length / 128 ** groupCount);
    writer.pushByte((isImmediate ? IMMEDIATE : 0) | (type << TYPE_SHIFT) | (groupCount > 0 ? EXTENDED : 0) | start);
    writeGroups(writer, length, groupCount);
  },
};
