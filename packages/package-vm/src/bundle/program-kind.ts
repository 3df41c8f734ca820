import { type ElfFile } from '@package-vm/disk-image/elf';

/** What a file is that is no ELF file, by its first bytes; most of the magic numbers are those of file(1). */
export function describeForeign(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1');
  return text === '' ? 'an empty file' : (FOREIGN.find(([magic]) => text.startsWith(magic))?.[1] ?? 'no ELF file');
}

const FOREIGN: readonly (readonly [string, string])[] = [
  ['#!', 'a script'],
  ['MZ', 'a Windows program (PE)'],
  ['\xcf\xfa\xed\xfe', 'a macOS program (Mach-O)'],
  ['\xce\xfa\xed\xfe', 'a macOS program (Mach-O)'],
  ['\xca\xfe\xba\xbe', 'a universal macOS program (Mach-O)'],
  ['\0asm', 'a WebAssembly module'],
  ['!<arch>\n', 'a static library'],
];

/** Why an ELF file cannot be the program of an image, in words that follow "is"; undefined for one that can. */
export function whyNotAProgram(elf: ElfFile): string | undefined {
  const { machine, class: bits, byteOrder, osAbi, type, interpreter, needed, soname } = elf;
  if (machine !== 'x86_64') return `a ${bits}-bit ELF file for ${machine}`;
  if (bits !== 64) return 'an ELF file for x86_64 with 32-bit pointers (x32)';
  if (byteOrder !== 'little') return 'an ELF file of the wrong byte order';
  const system = OTHER_SYSTEMS[osAbi];
  if (system !== undefined) return `an ELF file for ${system}`;
  if (type === 'REL') return 'an object file';
  if (type === 'CORE') return 'a core dump';
  if (type === 'DYN' && interpreter === undefined && (soname !== undefined || needed.length > 0)) return 'a shared library';
  return type === 'DYN' || type === 'EXEC' ? undefined : `an ELF file of an unknown type (${type})`;
}

/** e_ident[EI_OSABI] of other systems (glibc `elf/elf.h`). */
const OTHER_SYSTEMS: Readonly<Record<number, string>> = { 2: 'NetBSD', 6: 'Solaris', 9: 'FreeBSD', 12: 'OpenBSD' };
