import { join } from 'node:path';
import { USUAL_LIBRARY_FOLDERS } from 'package-vm/build-key';
import { FileDigests } from './file-digests.js';

/** Libraries of the host that nearly every program is bundled with, the loader among them. */
const COMMON = ['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libstdc++.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1', 'libutil.so.1', 'libresolv.so.2'];

/**
 * The libraries of the host that a fingerprint always holds; none for musl, which comes with the toolchain. A program for glibc is
 * linked with them also where a sysroot gives those that are packed, or none are.
 */
export function hostLibrariesFor(targets: readonly string[]): readonly string[] {
  return isOfToolchain(targets) ? [] : COMMON;
}

/** Whether all that a linker takes comes with rustc. */
export function isOfToolchain(targets: readonly string[]): boolean {
  return targets.length > 0 && targets.every((target) => target.includes('-musl'));
}

/** The digest of a shared library of this machine, from the first of the usual folders that has it; undefined when none does. */
export function hostLibraryDigest(name: string, digests = new FileDigests()): string | undefined {
  return firstDigest(USUAL_LIBRARY_FOLDERS, name, digests);
}

/** What a C compiler links with by itself, for a static program too. */
const LINKED = ['crt1.o', 'Scrt1.o', 'rcrt1.o', 'crti.o', 'crtn.o', 'crtbegin.o', 'crtbeginS.o', 'crtbeginT.o', 'crtend.o', 'crtendS.o', 'libc_nonshared.a', 'libc.a', 'libm.a', 'libpthread.a', 'libdl.a', 'libgcc.a', 'libgcc_eh.a', 'libstdc++.a'];

/** Lines for what a C compiler links with by itself, from the folders where it looks. */
export function linkedObjects(folders: readonly string[], digests: FileDigests): readonly string[] {
  return LINKED.map((name) => `${name} ${firstDigest(folders, name, digests) ?? ''}`);
}

function firstDigest(folders: readonly string[], name: string, digests: FileDigests): string | undefined {
  for (const folder of folders) {
    const digest = digests.of(join(folder, name));
    if (digest !== undefined) return digest;
  }
  return undefined;
}
