import { type DiskImage, type FileSystem } from '@package-vm/disk-image';
import { createHash } from 'node:crypto';
import { tupleToJson } from '../inspect/tuple-to-json.js';

export type ComparedEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly sizeBytes: number; readonly sha256: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** What an image means to the kernel, without where its bytes lie: plain data that can be kept as JSON. */
export interface ImageTree {
  /** The root tuple: program, arguments, environment, mounts, … */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Kernel and klibs. */
  readonly bootFiles: readonly ComparedEntry[];
  /** The root file system. */
  readonly entries: readonly ComparedEntry[];
}

/** Reads everything in an image, every file for its digest. @throws PVM_BAD_IMAGE */
export function readImageTree({ root, bootFileSystem }: DiskImage): ImageTree {
  return {
    attributes: tupleToJson(root.attributes),
    bootFiles: bootFileSystem === undefined ? [] : readEntries(bootFileSystem),
    entries: readEntries(root),
  };
}

function readEntries(fileSystem: FileSystem): readonly ComparedEntry[] {
  return fileSystem.entries.map((entry) => {
    if (entry.kind === 'directory') return { kind: entry.kind, path: entry.path };
    if (entry.kind === 'link') return { kind: entry.kind, path: entry.path, target: entry.target };
    const hash = createHash('sha256');
    for (const piece of fileSystem.readFile(entry.path)) hash.update(piece);
    return { kind: entry.kind, path: entry.path, sizeBytes: entry.sizeBytes, sha256: hash.digest('hex') };
  });
}
