import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Value } from '@package-vm/disk-image';
import { type SourceTree } from '../extract-tree.js';

/** Guest path → content: a file of this machine, bytes, or a link. Folders above are made. */
export type TreeFiles = Readonly<Record<string, { readonly hostPath: string } | { readonly link: string } | Uint8Array>>;

/** A stand-in for the file system of an image: these files, a `/workspace`, and these attributes. */
export function treeOf(files: TreeFiles, attributes: Readonly<Record<string, Value>>): SourceTree {
  const folders = new Set(['/workspace']);
  for (const path of Object.keys(files)) for (let above = dirname(path); above !== '/'; above = dirname(above)) folders.add(above);
  const entries = [
    ...[...folders].map((path) => ({ kind: 'directory' as const, path })),
    ...Object.entries(files).map(([path, file]) => ('link' in file ? { kind: 'link' as const, path, target: file.link } : { kind: 'file' as const, path, sizeBytes: 0 })),
  ];
  return {
    attributes: new Map(Object.entries(attributes)),
    uuid: '00112233-4455-6677-8899-aabbccddeeff',
    entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
    resolve: (path) => {
      const entry = files[path];
      if (entry === undefined) return folders.has(path) ? path : undefined;
      return 'link' in entry ? entry.link : path;
    },
    *readFile(path) {
      const file = files[path];
      if (file === undefined || 'link' in file) throw new Error(`no file ${path}`);
      yield 'hostPath' in file ? readFileSync(file.hostPath) : file;
    },
  };
}
