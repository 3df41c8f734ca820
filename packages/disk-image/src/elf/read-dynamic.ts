import { type ElfBytes, type Range } from './elf-bytes.js';
import { DYNAMIC_MAX_BYTES, DYNAMIC_TAGS, SEGMENT_TYPES } from './layout.js';
import { readText } from './read-text.js';
import { type ProgramHeader, type RECORDS } from './records.js';

/** What a file says to the dynamic loader. */
export interface DynamicFacts {
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
}

interface DynamicEntry {
  readonly tag: bigint;
  readonly value: bigint;
}

type EntryRecord = (typeof RECORDS)[32 | 64]['dynamicEntry'];

/** Reads the dynamic section, found as the loader finds it: through the program headers. */
export function readDynamic(file: ElfBytes, segments: readonly ProgramHeader[], entryRecord: EntryRecord): DynamicFacts {
  const segment = segments.find(({ type }) => type === SEGMENT_TYPES.dynamic);
  if (segment === undefined) return { needed: [], soname: undefined, rpath: [], runpath: [] };
  const entries = readEntries(file, { offset: segment.offset, length: segment.fileBytes }, entryRecord);
  const textsOf = (tag: bigint, name: string): string[] =>
    entries
      .filter((entry) => entry.tag === tag)
      .map(({ value }) => readText(file, name, stringRange(file, { segments, entries, segment, index: value })));
  return {
    needed: textsOf(DYNAMIC_TAGS.needed, 'Name of a needed library'),
    soname: textsOf(DYNAMIC_TAGS.soname, 'Soname')[0],
    rpath: textsOf(DYNAMIC_TAGS.rpath, 'RPATH').flatMap((list) => list.split(':')),
    runpath: textsOf(DYNAMIC_TAGS.runpath, 'RUNPATH').flatMap((list) => list.split(':')),
  };
}

function readEntries(file: ElfBytes, range: Range, entryRecord: EntryRecord): DynamicEntry[] {
  if (range.length > DYNAMIC_MAX_BYTES) {
    throw file.fault(`Dynamic section has ${range.length.toString()} bytes, expected at most ${DYNAMIC_MAX_BYTES}`, range.offset);
  }
  const reader = file.piece('Dynamic section', range);
  const entries: DynamicEntry[] = [];
  while (reader.remaining > 0) {
    const entry = entryRecord.read(reader, 'Dynamic entry');
    if (entry.tag === DYNAMIC_TAGS.end) break;
    entries.push(entry);
  }
  return entries;
}

interface StringPlace {
  readonly segments: readonly ProgramHeader[];
  readonly entries: readonly DynamicEntry[];
  /** The dynamic segment, for messages. */
  readonly segment: ProgramHeader;
  readonly index: bigint;
}

/** From a string of the string table to the table's end. The section gives an address; the segments that are loaded say where that is in the file. */
function stringRange(file: ElfBytes, { segments, entries, segment, index }: StringPlace): Range {
  const address = entries.find(({ tag }) => tag === DYNAMIC_TAGS.stringTable)?.value;
  const tableBytes = entries.find(({ tag }) => tag === DYNAMIC_TAGS.stringTableBytes)?.value;
  if (address === undefined || tableBytes === undefined) throw file.fault('Dynamic section has no string table', segment.offset);
  if (index >= tableBytes) throw file.fault(`String ${index.toString()} is outside the string table of ${tableBytes.toString()} bytes`, segment.offset);
  const loaded = segments.find(
    ({ type, virtualAddress, fileBytes }) => type === SEGMENT_TYPES.load && address >= virtualAddress && address < virtualAddress + fileBytes,
  );
  if (loaded === undefined) throw file.fault(`String table at address ${address.toString()} is in no segment`, segment.offset);
  return { offset: loaded.offset + (address - loaded.virtualAddress) + index, length: tableBytes - index };
}
