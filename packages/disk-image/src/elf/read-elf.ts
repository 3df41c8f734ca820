import { type ByteSource } from '../tree.js';
import { ElfBytes } from './elf-bytes.js';
import { MACHINES, MAGIC, PROGRAM_HEADERS_MAX, SEGMENT_TYPES, TYPES } from './layout.js';
import { readDynamic } from './read-dynamic.js';
import { readText } from './read-text.js';
import { identification, type ProgramHeader, RECORDS } from './records.js';

/** What an ELF file says about where it runs and what it needs. */
export interface ElfFile {
  /** As in Rust's target triples, e.g. `x86_64`; `machine-N` for one we have no name for. */
  readonly machine: string;
  readonly class: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  /** `EXEC`, `DYN`, `REL`, `CORE`, or `type-N`. */
  readonly type: string;
  /** e_ident[EI_OSABI]: 0 is System V, 3 GNU/Linux. */
  readonly osAbi: number;
  /** The dynamic loader of a program, e.g. `/lib64/ld-linux-x86-64.so.2`. */
  readonly interpreter: string | undefined;
  /** Names of libraries (DT_NEEDED), in the loader's order. */
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  /** Folders as they are written, `$ORIGIN` and empty ones too. */
  readonly rpath: readonly string[];
  readonly runpath: readonly string[];
  /** Whether it asks for no dynamic loader and no library. */
  readonly isStatic: boolean;
}

export function isElf(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads what linking and loading are decided by: headers, interpreter and dynamic section, never the whole file.
 *
 * @throws PVM_BAD_ELF, with the byte of the file
 */
export function readElf(source: ByteSource): ElfFile {
  const start = { offset: 0n, length: BigInt(identification.sizeBytes) };
  const ident = identification.read(new ElfBytes(source, 'little').piece('ELF identification', start), 'ELF identification');
  const records = RECORDS[ident.class];
  const file = new ElfBytes(source, ident.byteOrder);
  const header = records.fileHeader.read(file.piece('ELF header', { offset: start.length, length: BigInt(records.fileHeader.sizeBytes) }), 'ELF header');
  const segments = readProgramHeaders(file, header, records.programHeader);
  const interpreter = segments.find(({ type }) => type === SEGMENT_TYPES.interpreter);
  const dynamic = readDynamic(file, segments, records.dynamicEntry);
  return {
    machine: MACHINES[header.machine] ?? `machine-${header.machine}`,
    class: ident.class,
    byteOrder: ident.byteOrder,
    type: TYPES[header.type] ?? `type-${header.type}`,
    osAbi: ident.osAbi,
    interpreter: interpreter && readText(file, 'Interpreter', { offset: interpreter.offset, length: interpreter.fileBytes }),
    ...dynamic,
    isStatic: interpreter === undefined && dynamic.needed.length === 0,
  };
}

type FileHeader = ReturnType<(typeof RECORDS)[32 | 64]['fileHeader']['decode']>;

function readProgramHeaders(file: ElfBytes, header: FileHeader, programHeader: (typeof RECORDS)[32 | 64]['programHeader']): ProgramHeader[] {
  const { programHeaderOffset: offset, programHeaderCount: count, programHeaderBytes: sizeBytes } = header;
  if (count === 0) return [];
  if (sizeBytes !== programHeader.sizeBytes) throw file.fault(`Program header has ${sizeBytes} bytes, expected ${programHeader.sizeBytes}`, offset);
  if (count > PROGRAM_HEADERS_MAX) throw file.fault(`File has ${count} program headers, expected at most ${PROGRAM_HEADERS_MAX}`, offset);
  const reader = file.piece('Program header table', { offset, length: BigInt(count * sizeBytes) });
  return Array.from({ length: count }, () => programHeader.read(reader, 'Program header'));
}
