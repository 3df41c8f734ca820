export { isElf, readElf } from './read-elf.js';
export type { ElfFile } from './read-elf.js';
