import { ByteReader } from '../codec/byte-reader.js';
import { SECTOR_BYTES } from '../layout.js';
import { type Region } from '../region.js';
import { type Tuple } from '../tree.js';
import { FIRST_EXTENSION_SECTORS, LOG_MAX_BYTES, MAGIC, RECORD_KINDS, VERSION } from './layout.js';
import { continuationRecord, extensionHeader, identity, type Link, linkRecord, tupleRecord } from './log-records.js';
import { TupleDecoder } from './tuple-decoder.js';
import { TupleParts } from './tuple-parts.js';

export interface Log {
  readonly uuid: Uint8Array;
  readonly label: string;
  readonly extensionCount: number;
  readonly root: Tuple;
  /** For errors about the root and what is below it. */
  readonly decoder: TupleDecoder;
}

/** Reads the log that begins in a file system's first sector; bounded, whatever the bytes say. */
export function readLog(region: Region): Log {
  const state: LogState = { decoder: new TupleDecoder(), tuple: undefined };
  const extensions = new Extensions(region);
  let reader = extensions.open({ sector: 0, sectorCount: FIRST_EXTENSION_SECTORS });
  const { uuid, label } = identity.read(reader, 'File system identity');
  for (;;) {
    const link = readRecords(reader, state);
    if (link === undefined) break;
    reader = extensions.open(link, reader);
  }
  const { root } = state.decoder;
  if (root === undefined) throw reader.fault('Log has no root tuple');
  return { uuid: uuid.slice(), label, extensionCount: extensions.count, root, decoder: state.decoder };
}

interface LogState {
  readonly decoder: TupleDecoder;
  /** The tuple that is not yet whole. */
  tuple: TupleParts | undefined;
}

/** Reads an extension's records up to the log's end or a link, which is returned; what follows a link means nothing. */
function readRecords(reader: ByteReader, state: LogState): Link | undefined {
  for (;;) {
    const at = reader.position;
    const kind = reader.takeByte('Record of the log');
    switch (kind) {
      case RECORD_KINDS.endOfLog:
        if (state.tuple !== undefined) throw reader.fault(`Log ends inside a tuple of which ${state.tuple.missingBytes} bytes are missing`, at);
        return undefined;
      case RECORD_KINDS.link:
        return linkRecord.read(reader, 'Link record');
      case RECORD_KINDS.endOfSegment:
        break;
      case RECORD_KINDS.tuple: {
        if (state.tuple !== undefined) throw reader.fault('Tuple begins inside another tuple', at);
        const { totalBytes, part } = tupleRecord.read(reader, 'Tuple record');
        state.tuple = new TupleParts(totalBytes);
        addPart(state, part, reader);
        break;
      }
      case RECORD_KINDS.continuation: {
        if (state.tuple === undefined) throw reader.fault('Tuple is continued that has not begun', at);
        addPart(state, continuationRecord.read(reader, 'Continuation record').part, reader);
        break;
      }
      default:
        throw reader.fault(`Record of the log has kind ${kind}, expected 1 to 5`, at);
    }
  }
}

function addPart(state: LogState, part: Uint8Array, reader: ByteReader): void {
  state.tuple?.add(part, reader);
  if (state.tuple?.missingBytes !== 0) return;
  state.decoder.decode(state.tuple.reader());
  state.tuple = undefined;
}

/** Opens extensions, each once and each inside the file system. */
class Extensions {
  readonly #region: Region;
  readonly #opened = new Set<number>();
  #sectorCount = 0;

  constructor(region: Region) {
    this.#region = region;
  }

  get count(): number {
    return this.#opened.size;
  }

  /** Gives what follows the extension's header. `from` has just read the link. */
  open({ sector, sectorCount }: Link, from = this.#readerAt(0, new Uint8Array(0))): ByteReader {
    if (sectorCount === 0) throw from.fault('Log extension has no sectors');
    if ((sector + sectorCount) * SECTOR_BYTES > this.#region.sizeBytes) {
      throw from.fault(`Log extension at sector ${sector} with ${sectorCount} sectors ends after the file system's ${this.#region.sizeBytes} bytes`);
    }
    if (this.#opened.has(sector)) throw from.fault(`Log comes back to its extension at sector ${sector}`);
    this.#sectorCount += sectorCount;
    if (this.#sectorCount * SECTOR_BYTES > LOG_MAX_BYTES) throw from.fault(`Log is longer than ${LOG_MAX_BYTES} bytes`);
    this.#opened.add(sector);

    const reader = this.#readerAt(sector, this.#region.read(sector * SECTOR_BYTES, sectorCount * SECTOR_BYTES));
    const header = extensionHeader.read(reader, 'Log extension');
    if (header.version !== VERSION) throw reader.fault(`TFS version is ${header.version}, expected ${VERSION}`, MAGIC.length);
    if (header.sectorCount !== sectorCount) throw reader.fault(`Log extension says ${header.sectorCount} sectors, its link ${sectorCount}`);
    return reader;
  }

  #readerAt(sector: number, bytes: Uint8Array): ByteReader {
    const start = this.#region.offset + sector * SECTOR_BYTES;
    return new ByteReader(bytes, { locate: (position) => start + position });
  }
}
