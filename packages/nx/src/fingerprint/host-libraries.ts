import { join } from 'node:path';
import { FileDigests } from './file-digests.js';

/** Libraries of the host that nearly every program is bundled with, the loader among them: the fingerprint always holds them. */
export const commonLibraries = [
  'ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libstdc++.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1', 'libutil.so.1', 'libresolv.so.2',
];

const FOLDERS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib'];

/** The digest of a shared library of this machine, from the first of the usual folders that has it; undefined when none does. */
export function hostLibraryDigest(name: string, digests = new FileDigests()): string | undefined {
  for (const folder of FOLDERS) {
    const digest = digests.of(join(folder, name));
    if (digest !== undefined) return digest;
  }
  return undefined;
}
