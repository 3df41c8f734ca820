import { layOutImage } from '@package-vm/disk-image';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImage } from '../build/write-image.js';
import { literalFile } from '../plan/system-files.js';
import { describeImage } from './describe-image.js';
import { listImage, readImageFile } from './list-image.js';
import { openImageFile } from './open-image-file.js';

let folder: string;
let imagePath: string;
let digests: object;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-'));
  imagePath = join(folder, 'a.img');
  const bootLoader = Buffer.alloc(512);
  bootLoader.writeUInt16LE(0xaa55, 510);
  const layout = layOutImage({
    bootLoader,
    bootFiles: [literalFile('/kernel', 'no kernel')],
    entries: [literalFile('/a/b', 'text'), literalFile('/a/c/d', ''), { kind: 'link', path: '/l', target: 'a/b' }],
    attributes: new Map<string, never>(Object.entries({ program: '/a/b', arguments: ['b', 'ü'], environment: new Map([['A', '1']]) }) as [string, never][]),
    freeBytes: 0,
    label: 'test',
  });
  const file = await open(imagePath, 'w');
  digests = await writeImage({ layout, file }).finally(() => file.close());
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const names = (options: Omit<Parameters<typeof listImage>[0], 'imagePath'>): string[] => listImage({ imagePath, ...options }).map(({ path }) => path);

describe('listImage', () => {
  it.each([
    { reason: 'the root', options: {}, paths: ['/a', '/l'] },
    { reason: 'a folder, however it is written', options: { guestPath: 'a//./' }, paths: ['/a/b', '/a/c'] },
    { reason: 'everything below', options: { isRecursive: true }, paths: ['/a', '/a/b', '/a/c', '/a/c/d', '/l'] },
    { reason: 'a file itself', options: { guestPath: '/a/b' }, paths: ['/a/b'] },
    { reason: 'the boot file system', options: { isBoot: true }, paths: ['/kernel'] },
  ])('lists $reason', ({ options, paths }) => {
    expect(names(options)).toEqual(paths);
  });

  it('says so when there is nothing', () => {
    expect(() => names({ guestPath: '/none' })).toThrow(expect.objectContaining({ code: 'PVM_NOT_IN_IMAGE' }) as Error);
  });
});

describe('readImageFile', () => {
  const read = async (guestPath: string): Promise<string> => {
    const pieces: Uint8Array[] = [];
    await readImageFile({ imagePath, guestPath, onPiece: (piece) => void pieces.push(Uint8Array.from(piece)) });
    return Buffer.concat(pieces).toString();
  };

  it.each([
    { reason: 'a file', path: '/a/b', text: 'text' },
    { reason: 'an empty file', path: 'a/c/d', text: '' },
    { reason: 'what a link leads to', path: '/l', text: 'text' },
  ])('gives the content of $reason', async ({ path, text }) => {
    await expect(read(path)).resolves.toBe(text);
  });

  it('refuses a folder', async () => {
    await expect(read('/a')).rejects.toMatchObject({ code: 'PVM_NOT_IN_IMAGE' });
  });
});

describe('describeImage', () => {
  it('tells digests, label, boot files and how the program is started', async () => {
    await expect(describeImage(imagePath)).resolves.toMatchObject({
      ...digests,
      root: { label: 'test', files: 2, directories: 2, links: 1, contentBytes: 4 },
      bootFiles: [{ path: '/kernel', sizeBytes: 9 }],
      attributes: { program: '/a/b', arguments: ['b', 'ü'], environment: { A: '1' } },
      klog: undefined,
    });
  });
});

describe('openImageFile', () => {
  it.each([
    { reason: 'no image', bytes: Buffer.alloc(2048), code: 'PVM_BAD_IMAGE' },
    { reason: 'an empty file', bytes: Buffer.alloc(0), code: 'PVM_BAD_IMAGE' },
  ])('refuses $reason', ({ bytes, code }) => {
    writeFileSync(join(folder, 'bad'), bytes);
    expect(() => openImageFile(join(folder, 'bad'))).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('refuses what is not there', () => {
    expect(() => openImageFile(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'PVM_NO_FILE' }) as Error);
  });
});
