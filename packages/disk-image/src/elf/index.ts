export { isElf, readElf } from './read-elf.js';
export type { ElfFile } from './read-elf.js';
export { readElfSections } from './read-sections.js';
export type { ElfSection } from './read-sections.js';
