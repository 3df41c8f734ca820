import { type ImageLayout, type Segment } from '@package-vm/disk-image';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestFile } from '../host-files/digest-file.js';
import { stampOf } from '../host-files/file-stamp.js';
import { type PlannedFile } from '../plan/plan.js';
import { type WriteImageOptions, writeImage } from './write-image.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-image-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function hostFile(name: string, bytes: Uint8Array): PlannedFile {
  const hostPath = join(folder, name);
  writeFileSync(hostPath, bytes);
  const { sizeBytes, sha256 } = digestFile(hostPath);
  return { kind: 'file', path: `/${name}`, sizeBytes, sha256, content: { hostPath }, origin: name };
}

function layoutOf(...parts: (Uint8Array | number | PlannedFile)[]): ImageLayout {
  let offset = 0;
  const segments = parts.map((part): Segment => {
    const at = offset;
    if (typeof part === 'number') {
      offset += part;
      return { kind: 'zeros', offset: at, sizeBytes: part };
    }
    if (part instanceof Uint8Array) {
      offset += part.length;
      return { kind: 'bytes', offset: at, bytes: part };
    }
    offset += part.sizeBytes;
    return { kind: 'file', offset: at, sizeBytes: part.sizeBytes, entry: part, fileSystem: 'root' };
  });
  return { sizeBytes: offset, uuid: '', layoutVersion: 1, segments };
}

async function write(layout: ImageLayout, options: Partial<WriteImageOptions> = {}) {
  const path = join(folder, 'image');
  const file = await open(path, 'w');
  try {
    return { digests: await writeImage({ layout, file, ...options }), bytes: readFileSync(path) };
  } finally {
    await file.close();
  }
}

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

describe('writeImage', () => {
  it.each([
    { reason: 'nothing', parts: [] },
    { reason: 'a few bytes', parts: [Uint8Array.of(1, 2, 3)] },
    { reason: 'exactly one piece', parts: [pattern(1024 * 1024)] },
    { reason: 'segments across pieces', parts: [pattern(1024 * 1024 - 1), 3, pattern(1024 * 1024)] },
    { reason: 'more zeros than all pieces hold', parts: [5 * 1024 * 1024, Uint8Array.of(9)] },
  ])('writes $reason as laid out, with both digests', async ({ parts }) => {
    const expected = Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.alloc(part) : part)));
    const { digests, bytes } = await write(layoutOf(...parts));
    expect(bytes.equals(expected)).toBe(true);
    expect(digests.sha256).toBe(createHash('sha256').update(expected).digest('hex'));
  });

  it('gives the BLAKE3 that others give', async () => {
    // b3sum of the three bytes "abc"
    const { digests } = await write(layoutOf(Buffer.from('abc')));
    expect(digests.blake3).toBe('6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85');
  });

  it('writes files, large and empty', async () => {
    const large = pattern(2 * 1024 * 1024 + 5);
    const { bytes } = await write(layoutOf(hostFile('empty', new Uint8Array()), 10, hostFile('large', large), 1));
    expect(bytes.equals(Buffer.concat([Buffer.alloc(10), large, Buffer.alloc(1)]))).toBe(true);
  });

  it.each([
    { reason: 'longer', bytes: Buffer.from('12345') },
    { reason: 'shorter', bytes: Buffer.from('123') },
    { reason: 'other', bytes: Buffer.from('123x') },
  ])('refuses a file that is $reason now', async ({ bytes }) => {
    const file = hostFile('f', Buffer.from('1234'));
    writeFileSync(join(folder, 'f'), bytes);
    await expect(write(layoutOf(file))).rejects.toMatchObject({ code: 'PVM_FILE_CHANGED' });
  });

  it('trusts a stamp only while it holds', async () => {
    const file = hostFile('f', Buffer.from('1234'));
    const settled = Object.assign(statSync(join(folder, 'f'), { bigint: true }), { ctimeNs: 1n });
    // the stamp of another moment: the content is hashed, and is not what was planned
    writeFileSync(join(folder, 'f'), '123x');
    await expect(write(layoutOf({ ...file, content: { hostPath: join(folder, 'f'), stamp: stampOf(settled) } }))).rejects.toMatchObject({ code: 'PVM_FILE_CHANGED' });
  });

  it('gives no stamp to a file that has just changed', () => {
    hostFile('f', Buffer.from('1234'));
    expect(stampOf(statSync(join(folder, 'f'), { bigint: true }))).toBeUndefined();
  });

  it('does not hash again what its stamp vouches for', async () => {
    const file = hostFile('f', Buffer.from('1234'));
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const stamp = stampOf(statSync(join(folder, 'f'), { bigint: true }));
    expect(stamp).toBeDefined();
    // a wrong digest shows that it is not looked at
    const { bytes } = await write(layoutOf({ ...file, sha256: 'not looked at', content: { hostPath: join(folder, 'f'), stamp } }));
    expect(bytes.toString()).toBe('1234');
  });

  it('refuses a file that is gone', async () => {
    const file = hostFile('f', Buffer.from('1234'));
    rmSync(join(folder, 'f'));
    await expect(write(layoutOf(file))).rejects.toMatchObject({ code: 'PVM_NO_FILE' });
  });

  it('stops on request', async () => {
    await expect(write(layoutOf(5 * 1024 * 1024), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
  });

  it('reports progress up to the end', async () => {
    const seen: number[] = [];
    await write(layoutOf(2 * 1024 * 1024 + 1), { onProgress: (doneBytes) => seen.push(doneBytes) });
    expect(seen).toEqual([...Array.from({ length: 16 }, (_, index) => (index + 1) * 128 * 1024), 2 * 1024 * 1024 + 1]);
  });

  it('passes on a failure to write', async () => {
    const file = await open('/dev/full', 'w');
    try {
      await expect(writeImage({ layout: layoutOf(Uint8Array.of(1)), file })).rejects.toMatchObject({ code: 'ENOSPC' });
    } finally {
      await file.close();
    }
  });
});
