import { type ElfFile, isElf, readElf } from '@package-vm/disk-image/elf';
import { PackageVmError } from '@package-vm/errors';
import { realpathSync, statSync } from 'node:fs';
import { openFileSource } from '../host-files/file-source.js';
import { describeForeign, whyNotAProgram } from './program-kind.js';

/** The ELF facts of a program that an image can run. @throws PVM_NO_PROGRAM, PVM_WRONG_TARGET, PVM_BAD_ELF */
export function readProgram(path: string): { readonly elf: ElfFile; readonly hostPath: string } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    throw new PackageVmError('PVM_NO_PROGRAM', stats === undefined ? `There is no program at \`${path}\`` : `\`${path}\` is no file, expected a program`, {
      hint: 'Build it first, e.g. with `cargo build --release`.',
    });
  }
  const source = openFileSource(path);
  try {
    const head = source.read(0, Math.min(8, source.sizeBytes));
    if (!isElf(head)) throw wrongTarget(path, describeForeign(head));
    const elf = readElf(source);
    const reason = whyNotAProgram(elf);
    if (reason !== undefined) throw wrongTarget(path, reason);
    return { elf, hostPath: realpathSync(path) };
  } finally {
    source.close();
  }
}

function wrongTarget(path: string, kind: string): PackageVmError {
  return new PackageVmError('PVM_WRONG_TARGET', `\`${path}\` is ${kind}, expected a program for x86_64 Linux`, {
    hint:
      kind === 'a script'
        ? 'Package the program that the script starts: an image has no shell.'
        : 'Build it for such a target, e.g. with `target = "x86_64-unknown-linux-musl"` in `[package.metadata.package-vm]`.',
    data: { kind },
  });
}
