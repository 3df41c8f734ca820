// The parts of ELF that linking is decided by. Source: System V gABI, chapters 4 and 5; numbers as in glibc `elf/elf.h`.

export const MAGIC = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46);

/** e_ident[EI_CLASS] and e_ident[EI_DATA]. */
export const CLASSES = [
  [1, 32],
  [2, 64],
] as const;
export const BYTE_ORDERS = [
  [1, 'little'],
  [2, 'big'],
] as const;

/** e_type. */
export const TYPES: Readonly<Record<number, string>> = { 1: 'REL', 2: 'EXEC', 3: 'DYN', 4: 'CORE' };

/** e_machine, by the names that Rust gives in target triples. */
export const MACHINES: Readonly<Record<number, string>> = {
  3: 'i686',
  8: 'mips',
  20: 'powerpc',
  21: 'powerpc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv',
  258: 'loongarch64',
};

/** p_type. */
export const SEGMENT_TYPES = { load: 1, dynamic: 2, interpreter: 3 } as const;

/** d_tag. */
export const DYNAMIC_TAGS = { end: 0n, needed: 1n, stringTable: 5n, stringTableBytes: 10n, soname: 14n, rpath: 15n, runpath: 29n } as const;

/** sh_type of a section that has no bytes in the file (SHT_NOBITS), as `.bss`. */
export const SECTION_WITHOUT_BYTES = 8;

// Our own limits for what a damaged or hostile file may make us read.
export const PROGRAM_HEADERS_MAX = 4096;
export const SECTION_HEADERS_MAX = 65_536;
export const SECTION_NAMES_MAX_BYTES = 1024 * 1024;
export const DYNAMIC_MAX_BYTES = 64 * 1024;
/** A path or a list of paths. */
export const TEXT_MAX_BYTES = 16 * 1024;
