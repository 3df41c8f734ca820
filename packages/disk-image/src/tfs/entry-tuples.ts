import { SECTOR_BYTES, sectorsOf } from '../layout.js';
import { type Tuple, type Value } from '../tree.js';
import { isTuple } from './is-tuple.js';
import { CHILDREN, EXTENTS, FILE_LENGTH, HOLES_MAX_BYTES, LINK_TARGET } from './layout.js';

/** A run of sectors with a part of a file's bytes. All counts are sectors, `diskSector` from the file system's start. */
export interface Extent {
  readonly fileSector: number;
  readonly diskSector: number;
  readonly sectorCount: number;
  /** Reserved by the kernel but not yet written: reads as zeros. */
  readonly isBlank: boolean;
}

export interface FileContent {
  readonly sizeBytes: number;
  /** By ascending `fileSector`; what lies between them is a hole, which reads as zeros. */
  readonly extents: readonly Extent[];
}

// Attributes of an extent.
const LENGTH = 'length';
const OFFSET = 'offset';
/** Sectors reserved on the disk, at least the length. */
const ALLOCATED = 'allocated';
const UNINITED = 'uninited';

export function directoryTuple(children: Tuple): Tuple {
  return new Map([[CHILDREN, children]]);
}

export function linkTuple(target: string): Tuple {
  return new Map([[LINK_TARGET, target]]);
}

/** A file whose bytes lie in one piece from `firstSector` on. Numbers are decimal strings, as ops writes them. */
export function fileTuple({ sizeBytes, firstSector }: { sizeBytes: number; firstSector: number }): Tuple {
  const sectorCount = String(sectorsOf(sizeBytes));
  const extent = new Map([
    [LENGTH, sectorCount],
    [OFFSET, String(firstSector)],
    [ALLOCATED, sectorCount],
  ]);
  return new Map<string, Value>([
    [FILE_LENGTH, String(sizeBytes)],
    [EXTENTS, new Map(sizeBytes === 0 ? [] : [['0', extent]])],
  ]);
}

/** What a tuple of the tree is. Like the kernel, what is neither directory nor link is a file, also one without extents. */
export type EntryTuple =
  | { readonly kind: 'directory'; readonly children: Tuple }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'file'; readonly content: FileContent };

export interface EntryContext {
  /** Size of the file system. */
  readonly sizeBytes: number;
  readonly fault: (tuple: Tuple, message: string) => Error;
}

export function readEntryTuple(tuple: Tuple, context: EntryContext): EntryTuple {
  const children = tuple.get(CHILDREN);
  if (isTuple(children)) return { kind: 'directory', children };
  const target = tuple.get(LINK_TARGET);
  if (typeof target === 'string') return { kind: 'link', target };
  for (const [name, value] of [[CHILDREN, children], [LINK_TARGET, target]] as const) {
    if (value !== undefined) throw context.fault(tuple, `Entry has a \`${name}\` of another type`);
  }
  return { kind: 'file', content: readFileTuple(tuple, context) };
}

function readFileTuple(tuple: Tuple, context: EntryContext): FileContent {
  const sizeBytes = tuple.has(FILE_LENGTH) ? readNumber(tuple, FILE_LENGTH, context) : 0;
  if (sizeBytes > context.sizeBytes + HOLES_MAX_BYTES) {
    throw context.fault(tuple, `File of ${sizeBytes} bytes has holes of more than ${HOLES_MAX_BYTES} bytes`);
  }
  const extents = tuple.get(EXTENTS) ?? new Map<string, Value>();
  if (!isTuple(extents)) throw context.fault(tuple, 'Extents of a file are no tuple');
  const sorted = Array.from(extents, ([key, extent]) => readExtent(extents, { key, extent, context })).sort((a, b) => a.fileSector - b.fileSector);
  for (const [index, { fileSector, sectorCount }] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && fileSector + sectorCount > next.fileSector) {
      throw context.fault(extents, `Extents of a file overlap at its sector ${next.fileSector}`);
    }
  }
  return { sizeBytes, extents: sorted };
}

function readExtent(extents: Tuple, { key, extent, context }: { key: string; extent: Value; context: EntryContext }): Extent {
  const fileSector = parseNumber(key);
  if (fileSector === undefined || !isTuple(extent)) throw context.fault(extents, `Extent \`${key}\` of a file is no number and tuple`);
  const sectorCount = readNumber(extent, LENGTH, context);
  const diskSector = readNumber(extent, OFFSET, context);
  if ((diskSector + sectorCount) * SECTOR_BYTES > context.sizeBytes) {
    throw context.fault(extent, `Extent at sector ${diskSector} with ${sectorCount} sectors ends after the file system's ${context.sizeBytes} bytes`);
  }
  return { fileSector, diskSector, sectorCount, isBlank: extent.has(UNINITED) };
}

function readNumber(tuple: Tuple, name: string, { fault }: EntryContext): number {
  const value = tuple.get(name);
  const number = typeof value === 'string' || typeof value === 'bigint' ? parseNumber(value) : undefined;
  if (number === undefined) throw fault(tuple, `Attribute \`${name}\` is no number of at most 15 digits`);
  return number;
}

/** The kernel writes integers, ops decimal strings. */
function parseNumber(value: string | bigint): number | undefined {
  const digits = value.toString();
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
