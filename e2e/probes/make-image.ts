import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { type TreeEntry, type Value } from '@package-vm/disk-image';
import { layOutFileSystem } from '@package-vm/disk-image/tfs';

export interface ImageContent {
  /** Guest path → a file of this machine, bytes, or the target of a link. */
  readonly files: Readonly<Record<string, { readonly hostPath: string } | { readonly link: string } | Uint8Array>>;
  readonly folders?: readonly string[];
  readonly attributes: Readonly<Record<string, Value>>;
}

/** Writes a root file system without anything that boots: a rehearsal reads no more. */
export function makeImage(path: string, { files, folders = ['/workspace'], attributes }: ImageContent): void {
  const bytes = new Map(Object.entries(files).flatMap(([name, file]) => ('link' in file ? [] : [[name, 'hostPath' in file ? readFileSync(file.hostPath) : file] as const])));
  const above = Object.keys(files).flatMap(foldersAbove);
  const entries: TreeEntry[] = [
    ...[...new Set([...folders, ...above])].map((folder): TreeEntry => ({ kind: 'directory', path: folder })),
    ...Object.entries(files).map(([name, file]): TreeEntry => {
      if ('link' in file) return { kind: 'link', path: name, target: file.link };
      const content = bytes.get(name) ?? Buffer.alloc(0);
      return { kind: 'file', path: name, sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  ];
  const { segments, sizeBytes } = layOutFileSystem({ name: 'root', entries, attributes: new Map(Object.entries(attributes)), label: '', freeBytes: 0 });
  const fd = openSync(path, 'w');
  ftruncateSync(fd, sizeBytes);
  for (const segment of segments) {
    if (segment.kind === 'bytes') writeSync(fd, segment.bytes, 0, segment.bytes.length, segment.offset);
    if (segment.kind === 'file') writeSync(fd, bytes.get(segment.entry.path) ?? Buffer.alloc(0), 0, segment.sizeBytes, segment.offset);
  }
  closeSync(fd);
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === '/' ? [] : [...foldersAbove(above), above];
}
