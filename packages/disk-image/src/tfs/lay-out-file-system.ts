import { LAYOUT_VERSION, SECTOR_BYTES, sectorsOf } from '../layout.js';
import { type Segment } from '../segment.js';
import { type TreeEntry, type Tuple } from '../tree.js';
import { checkAttributes } from './check-attributes.js';
import { badTree } from './check-entry.js';
import { encodeTuple } from './encode-tuple.js';
import { directoryTuple } from './entry-tuples.js';
import { layOutTree } from './lay-out-tree.js';
import { LABEL_FIELD_BYTES, LOG_MAX_BYTES } from './layout.js';
import { deriveUuid, formatUuid } from './uuid.js';
import { FIRST_DATA_SECTOR, overflowSectors, writeLog } from './write-log.js';

export interface FileSystemSpec {
  readonly name: 'boot' | 'root';
  /** In any order; folders may be left out where something is inside them. */
  readonly entries: readonly TreeEntry[];
  /** The root tuple without `children`. */
  readonly attributes: Tuple;
  /** At most 31 bytes. */
  readonly label: string;
  /** Free space behind everything else, rounded up to sectors. */
  readonly freeBytes: number;
}

export interface FileSystemLayout {
  readonly uuid: string;
  readonly sizeBytes: number;
  /** Ascending from the file system's start, without the zeros between them. */
  readonly segments: readonly Segment[];
}

/**
 * Lays out a file system: the log, the files in the order of the tree without gaps but those of sectors, more of the log where the first
 * 512 KiB do not hold it, free space. The uuid follows from all of it, contents included by their digests.
 *
 * @throws PVM_BAD_TREE
 */
export function layOutFileSystem({ name, entries, attributes, label, freeBytes }: FileSystemSpec): FileSystemLayout {
  checkAttributes(attributes);
  checkLabel(label);
  if (!Number.isSafeInteger(freeBytes) || freeBytes < 0) throw new RangeError(`freeBytes is ${freeBytes}`);

  const { children, files, endSector } = layOutTree(entries, FIRST_DATA_SECTOR);
  const tuple = encodeTuple(new Map([...attributes, ...directoryTuple(children)]));
  if (tuple.length > LOG_MAX_BYTES / 2) {
    throw badTree(`File system of ${entries.length} entries needs a log of ${tuple.length} bytes, expected at most ${LOG_MAX_BYTES / 2}`);
  }
  const sectorCount = endSector + overflowSectors(tuple.length) + sectorsOf(freeBytes);
  const uuid = deriveUuid([
    `package-vm ${name} file system, layout ${LAYOUT_VERSION}, ${sectorCount} sectors, label ${label}\n`,
    tuple,
    ...files.map(({ entry }) => entry.sha256),
  ]);
  const log = writeLog({ uuid, label, tuple, overflowSector: endSector }).map(
    ({ sector, bytes }): Segment => ({ kind: 'bytes', offset: sector * SECTOR_BYTES, bytes }),
  );
  const contents = files
    .filter(({ entry }) => entry.sizeBytes > 0)
    .map(({ entry, sector }): Segment => ({ kind: 'file', offset: sector * SECTOR_BYTES, sizeBytes: entry.sizeBytes, entry, fileSystem: name }));
  return {
    uuid: formatUuid(uuid),
    sizeBytes: sectorCount * SECTOR_BYTES,
    segments: [...log.slice(0, 2), ...contents, ...log.slice(2)],
  };
}

function checkLabel(label: string): void {
  const length = Buffer.byteLength(label);
  if (length >= LABEL_FIELD_BYTES) throw badTree(`Label \`${label}\` has ${length} bytes, expected at most ${LABEL_FIELD_BYTES - 1}`);
  if (label.includes('\0')) throw badTree('Label has a NUL');
  if (/\p{Surrogate}/u.test(label)) throw badTree('Label has half a surrogate pair, which UTF-8 cannot hold');
}
