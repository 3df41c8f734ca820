import { ByteWriter } from '../codec/byte-writer.js';
import { SECTOR_BYTES } from '../layout.js';
import { EXTENSION_SECTORS, FIRST_EXTENSION_SECTORS, LINK_RESERVE_BYTES, RECORD_KINDS, TUPLE_HEAD_RESERVE_BYTES, VERSION } from './layout.js';
import { continuationRecord, extensionHeader, identity, linkRecord, tupleRecord } from './log-records.js';

/** The first sector after extensions 0 and 1, where data may begin. */
export const FIRST_DATA_SECTOR = FIRST_EXTENSION_SECTORS + EXTENSION_SECTORS;

/** Bytes of a tuple that an extension takes, after its header and before the space for a link. */
const PART_MAX_BYTES = EXTENSION_SECTORS * SECTOR_BYTES - headerOf(EXTENSION_SECTORS).length - LINK_RESERVE_BYTES - TUPLE_HEAD_RESERVE_BYTES;

export interface LogExtension {
  /** From the file system's start. */
  readonly sector: number;
  readonly sectorCount: number;
  /** What is used of it; the rest is zeros. */
  readonly bytes: Uint8Array;
}

export interface LogSpec {
  readonly uuid: Uint8Array;
  readonly label: string;
  /** The encoded root tuple. */
  readonly tuple: Uint8Array;
  /** The first sector behind the data. */
  readonly overflowSector: number;
}

/** Sectors of the extensions that a tuple of this size needs beyond extensions 0 and 1. */
export function overflowSectors(tupleBytes: number): number {
  return (Math.max(1, Math.ceil(tupleBytes / PART_MAX_BYTES)) - 1) * EXTENSION_SECTORS;
}

/**
 * The log of one tuple, byte for byte as ops writes it: extension 0, extension 1 after it, and as many as are needed one after the
 * other from `overflowSector`, behind the data.
 */
export function writeLog({ uuid, label, tuple, overflowSector }: LogSpec): LogExtension[] {
  const count = 1 + overflowSectors(tuple.length) / EXTENSION_SECTORS;
  const sectorOf = (index: number): number => (index === 0 ? FIRST_EXTENSION_SECTORS : overflowSector + (index - 1) * EXTENSION_SECTORS);
  const first = start(FIRST_EXTENSION_SECTORS);
  identity.write(first, { uuid, label }, 'File system identity');
  pushLink(first, sectorOf(0));

  const others = Array.from({ length: count }, (_, index) => {
    const writer = start(EXTENSION_SECTORS);
    pushPart(writer, tuple, index * PART_MAX_BYTES);
    if (index + 1 < count) pushLink(writer, sectorOf(index + 1));
    else writer.pushByte(RECORD_KINDS.endOfLog);
    return { sector: sectorOf(index), sectorCount: EXTENSION_SECTORS, bytes: writer.toBytes() };
  });
  return [{ sector: 0, sectorCount: FIRST_EXTENSION_SECTORS, bytes: first.toBytes() }, ...others];
}

function pushPart(writer: ByteWriter, tuple: Uint8Array, start: number): void {
  const part = tuple.subarray(start, start + PART_MAX_BYTES);
  writer.pushByte(start === 0 ? RECORD_KINDS.tuple : RECORD_KINDS.continuation);
  if (start === 0) tupleRecord.write(writer, { totalBytes: tuple.length, part }, 'Tuple record');
  else continuationRecord.write(writer, { part }, 'Continuation record');
}

function pushLink(writer: ByteWriter, sector: number): void {
  writer.pushByte(RECORD_KINDS.link);
  linkRecord.write(writer, { sector, sectorCount: EXTENSION_SECTORS }, 'Link record');
}

function start(sectorCount: number): ByteWriter {
  const writer = new ByteWriter();
  writer.push(headerOf(sectorCount));
  return writer;
}

function headerOf(sectorCount: number): Uint8Array {
  return extensionHeader.encode({ version: VERSION, sectorCount });
}
