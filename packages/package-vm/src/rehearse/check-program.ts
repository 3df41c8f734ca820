import { join } from 'node:path';
import { type ElfFile, isElf, readElf } from '@package-vm/disk-image/elf';
import { errorMessageOf } from '@package-vm/errors';
import { type FileSource, openFileSource } from '../host-files/file-source.js';
import { type SourceTree } from './extract-tree.js';

/** What an exec needs, or why Nanos could not load the program. */
export type LoadCheck =
  | { readonly kind: 'loadable'; readonly path: string; readonly interpreter: string | undefined }
  | { readonly kind: 'unloadable'; readonly explanation: string; readonly hint: string };

/** Looks at the program in an extracted tree as the Nanos kernel does before its first instruction (src/unix/exec.c). */
export function checkProgram(tree: Pick<SourceTree, 'resolve'>, { root, program }: { readonly root: string; readonly program: string }): LoadCheck {
  const path = tree.resolve(program);
  if (path === undefined) return unloadable(`The image has no program \`${program}\`.`, 'Look for it with `package-vm tree`: `Program` must name a file in the image.');
  const source = openFileSource(join(root, path));
  try {
    const elf = readProgram(source);
    if (typeof elf === 'string') return unloadable(`\`${program}\` is no program for Nanos: ${elf}.`, 'Build it for x86-64 Linux, e.g. with `--target x86_64-unknown-linux-gnu`.');
    if (elf.interpreter === undefined) return { kind: 'loadable', path, interpreter: undefined };
    const interpreter = tree.resolve(elf.interpreter);
    if (interpreter !== undefined) return { kind: 'loadable', path, interpreter };
    return unloadable(`The interpreter \`${elf.interpreter}\` of \`${program}\` is not in the image.`, 'Package the program with its libraries, or build it static.');
  } finally {
    source.close();
  }
}

function readProgram(source: FileSource): ElfFile | string {
  if (!isElf(source.read(0, Math.min(4, source.sizeBytes)))) return 'it is not an ELF file, and Nanos runs no scripts';
  try {
    const elf = readElf(source);
    if (elf.machine !== 'x86_64' || elf.class !== 64) return `it is built for ${elf.machine}`;
    return elf.type === 'EXEC' || elf.type === 'DYN' ? elf : `its type is ${elf.type}`;
  } catch (error) {
    return errorMessageOf(error);
  }
}

function unloadable(explanation: string, hint: string): LoadCheck {
  return { kind: 'unloadable', explanation, hint };
}
