import { readFileSync } from 'node:fs';
import { basename } from 'node:path/posix';

/** What a dynamic loader (PT_INTERP) has compiled in. */
export interface Loader {
  readonly flavour: 'glibc' | 'musl';
  /** Its file name, which libraries may need. */
  readonly name: string;
  /** Folders that it searches without a cache, in its order. */
  readonly systemFolders: readonly string[];
  /** What `$LIB` stands for, e.g. `lib/x86_64-linux-gnu`. */
  readonly lib: string;
}

/** What upstream glibc and musl build in. */
const UPSTREAM = { glibc: ['/lib64', '/usr/lib64'], musl: ['/lib', '/usr/local/lib', '/usr/lib'] } as const;

/** For a program without a loader: what it opens may be put where a loader would look. */
export const upstreamLoader: Loader = { flavour: 'glibc', name: '', systemFolders: UPSTREAM.glibc, lib: 'lib64' };

/**
 * Reads the default folders out of a loader's file, since each distribution builds in others: glibc keeps them one after
 * the other, each with its `/` and NUL (`elf/dl-load.c`, `system_dirs`), musl in one text with colons (`ldso/dynlink.c`).
 *
 * @param guestPath PT_INTERP, whose name tells the kind
 */
export function readLoader(guestPath: string, hostPath: string): Loader {
  const name = basename(guestPath);
  const flavour = name.startsWith('ld-musl-') ? 'musl' : 'glibc';
  const text = readFileSync(hostPath, 'latin1');
  const found = flavour === 'musl' ? muslFolders(text) : glibcFolders(text);
  const systemFolders = found.length > 0 ? found : UPSTREAM[flavour];
  return { flavour, name, systemFolders, lib: /\/(lib(?:64)?(?:\/[\w-]+-linux-gnu)?)$/.exec(systemFolders[0] ?? '')?.[1] ?? 'lib64' };
}

function glibcFolders(text: string): readonly string[] {
  const runs = text.match(/(?:\/(?:[\w.+-]+\/)+\0)+/g) ?? [];
  const table = runs.find((run) => /\/lib(?:64)?\//.test(run)) ?? '';
  return table.split('\0').flatMap((folder) => (folder === '' ? [] : [folder.slice(0, -1)]));
}

function muslFolders(text: string): readonly string[] {
  return /\0(\/[\w./+-]*lib(?::\/[\w./+-]+)+)\0/.exec(text)?.[1]?.split(':') ?? [];
}
