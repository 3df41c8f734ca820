import { type ByteSource } from '../tree.js';
import { ElfBytes } from './elf-bytes.js';
import { SECTION_HEADERS_MAX, SECTION_NAMES_MAX_BYTES, SECTION_WITHOUT_BYTES } from './layout.js';
import { identification, RECORDS } from './records.js';

/** A part of an ELF file as the linker named it. */
export interface ElfSection {
  /** E.g. `.rodata`. Names may come twice. */
  readonly name: string;
  /** In the file, in bytes. */
  readonly offset: number;
  /** In the file; 0 for one that only takes memory. */
  readonly sizeBytes: number;
}

/**
 * The sections of an ELF file, in their order, without the empty first one. None in a file that was stripped of them: nothing
 * that runs a program needs them.
 *
 * @throws PVM_BAD_ELF, with the byte of the file
 */
export function readElfSections(source: ByteSource): readonly ElfSection[] {
  const start = { offset: 0n, length: BigInt(identification.sizeBytes) };
  const ident = identification.read(new ElfBytes(source, 'little').piece('ELF identification', start), 'ELF identification');
  const { fileHeader, sectionHeader } = RECORDS[ident.class];
  const file = new ElfBytes(source, ident.byteOrder);
  const header = fileHeader.read(file.piece('ELF header', { offset: start.length, length: BigInt(fileHeader.sizeBytes) }), 'ELF header');
  const { sectionHeaderOffset: offset, sectionHeaderCount: count, sectionHeaderBytes } = header;
  if (offset === 0n || count === 0) return [];
  if (sectionHeaderBytes !== sectionHeader.sizeBytes) throw file.fault(`Section header has ${sectionHeaderBytes} bytes, expected ${sectionHeader.sizeBytes}`, offset);
  if (count > SECTION_HEADERS_MAX) throw file.fault(`File has ${count} section headers, expected at most ${SECTION_HEADERS_MAX}`, offset);
  const reader = file.piece('Section header table', { offset, length: BigInt(count * sectionHeader.sizeBytes) });
  const headers = Array.from({ length: count }, () => sectionHeader.read(reader, 'Section header'));
  const names = headers[header.sectionNamesIndex];
  if (names === undefined) throw file.fault(`Section names are in section ${header.sectionNamesIndex} of ${count}`, offset);
  if (names.sizeBytes > SECTION_NAMES_MAX_BYTES) throw file.fault(`Section names have ${names.sizeBytes.toString()} bytes, expected at most ${SECTION_NAMES_MAX_BYTES}`, names.offset);
  const text = file.piece('Section names', { offset: names.offset, length: names.sizeBytes }).bytes;
  return headers.slice(1).map(({ name, type, offset: at, sizeBytes }) => {
    const hasBytes = type !== SECTION_WITHOUT_BYTES;
    if (hasBytes && at + sizeBytes > BigInt(source.sizeBytes)) throw file.fault(`Section of ${sizeBytes.toString()} bytes ends after the file's ${source.sizeBytes}`, at);
    return { name: nameIn(text, name), offset: hasBytes ? Number(at) : 0, sizeBytes: hasBytes ? Number(sizeBytes) : 0 };
  });
}

function nameIn(text: Uint8Array, start: number): string {
  const end = text.indexOf(0, start);
  return Buffer.from(text.subarray(start, end === -1 ? text.length : end)).toString('latin1');
}
