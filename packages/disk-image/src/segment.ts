import { type FileEntry } from './tree.js';

/** A piece of an image; offsets and sizes in bytes. */
export type Segment =
  | { readonly kind: 'bytes'; readonly offset: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'file';
      readonly offset: number;
      readonly sizeBytes: number;
      /** The very object that was given. */
      readonly entry: FileEntry;
      readonly fileSystem: 'boot' | 'root';
    }
  | { readonly kind: 'zeros'; readonly offset: number; readonly sizeBytes: number };

export function sizeOf(segment: Segment): number {
  return segment.kind === 'bytes' ? segment.bytes.length : segment.sizeBytes;
}

/** Ascending pieces with zeros wherever nothing else is, so that together they cover `sizeBytes` exactly. */
export function fillGaps(segments: readonly Segment[], sizeBytes: number): Segment[] {
  const filled: Segment[] = [];
  let end = 0;
  for (const segment of segments) {
    if (segment.offset < end) throw new Error(`segments overlap at byte ${segment.offset}`);
    if (segment.offset > end) filled.push({ kind: 'zeros', offset: end, sizeBytes: segment.offset - end });
    filled.push(segment);
    end = segment.offset + sizeOf(segment);
  }
  if (end > sizeBytes) throw new Error(`segments end at byte ${end}, after the end`);
  if (end < sizeBytes) filled.push({ kind: 'zeros', offset: end, sizeBytes: sizeBytes - end });
  return filled;
}
