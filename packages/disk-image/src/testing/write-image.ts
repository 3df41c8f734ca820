import { createHash } from 'node:crypto';
import { type ImageLayout } from '../lay-out-image.js';
import { type FileEntry } from '../tree.js';

/** A file whose content is at hand, for tests. */
export interface FileWithContent extends FileEntry {
  readonly content: Uint8Array;
}

export function file(path: string, content: string | Uint8Array): FileWithContent {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { kind: 'file', path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), content: bytes };
}

/** The image's bytes; its files must come from {@link file}. */
export function writeImage({ sizeBytes, segments }: Pick<ImageLayout, 'sizeBytes' | 'segments'>): Uint8Array {
  const image = new Uint8Array(sizeBytes);
  for (const segment of segments) {
    if (segment.kind === 'bytes') image.set(segment.bytes, segment.offset);
    if (segment.kind === 'file') image.set((segment.entry as FileWithContent).content, segment.offset);
  }
  return image;
}
