import { closeSync, fchmodSync, ftruncateSync, futimesSync, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs';
import { join, posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type FileSystem } from '@package-vm/disk-image';
import { PackageVmError } from '@package-vm/errors';

/** What a sandbox is made of: a file system of an image, or a stand-in for tests. */
export type SourceTree = Pick<FileSystem, 'attributes' | 'entries' | 'readFile' | 'resolve'>;

export interface ExtractOptions {
  /** An empty folder. */
  readonly folder: string;
  /** Guest path that gets the mode 0555 of Nanos; all other files have 0777. */
  readonly program: string;
  /** Whether links to absolute paths become relative ones, where the folder will not be anybody's root. */
  readonly makesLinksRelative: boolean;
  readonly signal: AbortSignal | undefined;
}

/** How much is written before other work of this process gets its turn. */
const TURN_BYTES = 16 * 1024 * 1024;
const ENTRY_BYTES = 4096;
const zeros = Buffer.alloc(64 * 1024);

/**
 * Writes a tree with the modes and times that Nanos shows. Contents are streamed; pages of zeros become holes. Entries are
 * sorted, so that each comes after its folder; the reader has checked their names.
 *
 * @throws PVM_CANCELLED, PVM_BAD_IMAGE
 */
export async function extractTree(tree: SourceTree, { folder, program, makesLinksRelative, signal }: ExtractOptions): Promise<void> {
  let written = 0;
  const programFile = tree.resolve(program);
  const pause = async (bytes: number): Promise<void> => {
    written += bytes;
    if (written < TURN_BYTES) return;
    written = 0;
    await setImmediate();
    if (signal?.aborted === true) throw new PackageVmError('PVM_CANCELLED', 'The rehearsal was stopped on request');
  };
  const folders = new Set(['']);
  for (const { kind, path, ...entry } of tree.entries) {
    // a parent that is a link would lead out of the folder
    if (!folders.has(path.slice(0, path.lastIndexOf('/')))) throw new PackageVmError('PVM_BAD_IMAGE', `\`${path}\` in the image lies in no folder`);
    const target = join(folder, path);
    if (kind === 'directory') {
      mkdirSync(target, { mode: 0o777 });
      folders.add(path);
    } else if (kind === 'link') {
      const link = (entry as { readonly target: string }).target;
      symlinkSync(makesLinksRelative && link.startsWith('/') && path !== '/proc/self/exe' ? posix.relative(posix.dirname(path), link) : link, target);
    } else {
      const fd = openSync(target, 'wx', 0o600);
      try {
        for (const size of writeSparse(fd, tree.readFile(path))) await pause(size);
        fchmodSync(fd, path === programFile ? 0o555 : 0o777);
        futimesSync(fd, 0, 0);
      } finally {
        closeSync(fd);
      }
    }
    await pause(ENTRY_BYTES);
  }
}

/** Gives the length of each chunk once it is written. */
function* writeSparse(fd: number, chunks: Iterable<Uint8Array>): Iterable<number> {
  let position = 0;
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += zeros.length) {
      const piece = chunk.subarray(start, start + zeros.length);
      if (Buffer.compare(piece, zeros.subarray(0, piece.length)) !== 0) writeFully(fd, piece, position + start);
    }
    position += chunk.length;
    yield chunk.length;
  }
  ftruncateSync(fd, position);
}

function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
