import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileEntry, type TreeEntry, type Value, layOutImage } from '@package-vm/disk-image';
import { layOutFileSystem } from '@package-vm/disk-image/tfs';

export interface ImageContent {
  /** Guest path → a file of this machine, bytes, or the target of a link. */
  readonly files: Readonly<Record<string, { readonly hostPath: string } | { readonly link: string } | Uint8Array>>;
  readonly folders?: readonly string[];
  readonly attributes: Readonly<Record<string, Value>>;
  /** Folder with `boot.img` and `kernel.img`; without it there is only a root file system, which is all that a rehearsal reads. */
  readonly release?: string | undefined;
}

export function makeImage(path: string, { files, folders = ['/workspace'], attributes, release }: ImageContent): void {
  const contents = new Map<TreeEntry, Uint8Array>();
  const fileEntry = (name: string, content: Uint8Array): FileEntry => {
    const entry = { kind: 'file', path: name, sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') } as const;
    contents.set(entry, content);
    return entry;
  };
  const entries: TreeEntry[] = [
    ...[...new Set([...folders, ...Object.keys(files).flatMap(foldersAbove)])].map((folder): TreeEntry => ({ kind: 'directory', path: folder })),
    ...Object.entries(files).map(([name, file]): TreeEntry => {
      if ('link' in file) return { kind: 'link', path: name, target: file.link };
      return fileEntry(name, 'hostPath' in file ? readFileSync(file.hostPath) : file);
    }),
  ];
  const root = { entries, attributes: new Map(Object.entries(attributes)), freeBytes: 0 };
  const { segments, sizeBytes } =
    release === undefined
      ? layOutFileSystem({ ...root, name: 'root', label: '' })
      : layOutImage({ ...root, bootLoader: readFileSync(join(release, 'boot.img')), bootFiles: [fileEntry('/kernel', readFileSync(join(release, 'kernel.img')))] });
  const fd = openSync(path, 'w');
  ftruncateSync(fd, sizeBytes);
  for (const segment of segments) {
    const bytes = segment.kind === 'bytes' ? segment.bytes : segment.kind === 'file' ? contents.get(segment.entry) : undefined;
    if (bytes !== undefined) writeSync(fd, bytes, 0, bytes.length, segment.offset);
  }
  closeSync(fd);
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === '/' ? [] : [...foldersAbove(above), above];
}
