import { bytes, choice, constant, type FixedCodec, u16, u32, u64, u8 } from '../codec/codec.js';
import { record } from '../codec/record.js';
import { BYTE_ORDERS, CLASSES, MAGIC } from './layout.js';

/** e_ident: what decides how the rest is read. */
export const identification = record('ELF identification', {
  magic: constant(MAGIC),
  class: choice<32 | 64>(u8, CLASSES),
  byteOrder: choice<'little' | 'big'>(u8, BYTE_ORDERS),
  version: constant(Uint8Array.of(1)),
  osAbi: u8,
  abiVersion: u8,
  padding: bytes(7),
});

/** An address, an offset or a size: 32 or 64 bits by the file's class. */
const word32: FixedCodec<bigint> = {
  sizeBytes: 4,
  read: (reader, name) => BigInt(u32.read(reader, name)),
  write(writer, value, name) {
    u32.write(writer, Number(value), name);
  },
};

/** The header behind the identification (Elf32_Ehdr, Elf64_Ehdr). */
const fileHeader = (word: FixedCodec<bigint>) =>
  record('ELF header', {
    type: u16,
    machine: u16,
    version: u32,
    entry: word,
    programHeaderOffset: word,
    sectionHeaderOffset: word,
    flags: u32,
    headerBytes: u16,
    programHeaderBytes: u16,
    programHeaderCount: u16,
    sectionHeaderBytes: u16,
    sectionHeaderCount: u16,
    sectionNamesIndex: u16,
  });

const programHeader32 = record('Program header', {
  type: u32,
  offset: word32,
  virtualAddress: word32,
  physicalAddress: word32,
  fileBytes: word32,
  memoryBytes: word32,
  flags: u32,
  alignment: word32,
});

const programHeader64 = record('Program header', {
  type: u32,
  flags: u32,
  offset: u64,
  virtualAddress: u64,
  physicalAddress: u64,
  fileBytes: u64,
  memoryBytes: u64,
  alignment: u64,
});

/** Elf32_Shdr, Elf64_Shdr. */
const sectionHeader = (word: FixedCodec<bigint>) =>
  record('Section header', {
    name: u32,
    type: u32,
    flags: word,
    address: word,
    offset: word,
    sizeBytes: word,
    link: u32,
    info: u32,
    alignment: word,
    entryBytes: word,
  });

const dynamicEntry = (word: FixedCodec<bigint>) => record('Dynamic entry', { tag: word, value: word });

export type ProgramHeader = ReturnType<typeof programHeader64.decode>;

/** The records by class. */
export const RECORDS = {
  32: { fileHeader: fileHeader(word32), programHeader: programHeader32, sectionHeader: sectionHeader(word32), dynamicEntry: dynamicEntry(word32) },
  64: { fileHeader: fileHeader(u64), programHeader: programHeader64, sectionHeader: sectionHeader(u64), dynamicEntry: dynamicEntry(u64) },
} as const;
