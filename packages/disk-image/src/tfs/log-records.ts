import { type Codec, bytes, constant } from '../codec/codec.js';
import { record } from '../codec/record.js';
import { LABEL_FIELD_BYTES, MAGIC, UUID_BYTES } from './layout.js';
import { varint } from './varint.js';

/** A number of bytes, then the bytes. */
const counted: Codec<Uint8Array> = {
  read: (reader, name) => reader.take(varint.read(reader, name), name),
  write(writer, value, name) {
    varint.write(writer, value.length, name);
    writer.push(value);
  },
};

const label: Codec<string> = {
  read(reader, name) {
    const field = reader.bytes.subarray(reader.position, reader.position + LABEL_FIELD_BYTES);
    const length = field.indexOf(0);
    if (length === -1) throw reader.fault(`${name} has no end within ${LABEL_FIELD_BYTES} bytes`);
    const text = reader.takeText(length, name);
    reader.takeByte(name);
    return text;
  },
  write(writer, value, name) {
    const encoded = new TextEncoder().encode(value);
    if (encoded.length >= LABEL_FIELD_BYTES || encoded.includes(0)) throw new RangeError(`${name} is too long or has a NUL`);
    writer.push(encoded);
    writer.pushByte(0);
  },
};

/** What each extension of the log begins with. */
export const extensionHeader = record('Log extension', { magic: constant(MAGIC), version: varint, sectorCount: varint });

/** What follows in extension 0. */
export const identity = record('File system identity', { uuid: bytes(UUID_BYTES), label });

// The records, each after one byte of its kind; the kinds without a record here have no content.
/** A tuple, or the first bytes of one. */
export const tupleRecord = record('Tuple record', { totalBytes: varint, part: counted });
/** The next bytes of a tuple. */
export const continuationRecord = record('Continuation record', { part: counted });
/** Where the log goes on; sectors count from the file system's start. */
export const linkRecord = record('Link record', { sector: varint, sectorCount: varint });

export type Link = ReturnType<typeof linkRecord.decode>;
