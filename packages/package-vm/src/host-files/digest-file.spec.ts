import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestBytes, digestFile } from './digest-file.js';
import { openFileSource } from './file-source.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('digestFile', () => {
  it.each([
    { reason: 'an empty file', size: 0 },
    { reason: 'one byte', size: 1 },
    { reason: 'exactly one piece', size: 1024 * 1024 },
    { reason: 'one byte more than a piece', size: 1024 * 1024 + 1 },
  ])('gives size and SHA-256 of $reason', ({ size }) => {
    const bytes = Buffer.alloc(size, 7);
    writeFileSync(join(folder, 'f'), bytes);
    const { head, ...digest } = digestFile(join(folder, 'f'));
    expect({ ...digest, head: Buffer.from(head) }).toEqual({ ...digestBytes(bytes), sizeBytes: size });
  });

  it('reads what has more than its size says', () => {
    const stated = '/proc/self/cmdline';
    expect(digestFile(stated).sha256).toBe(digestBytes(readFileSync(stated)).sha256);
    expect(digestFile(stated).sizeBytes).toBeGreaterThan(0);
  });

  it('knows the digest of nothing', () => {
    expect(digestBytes(new Uint8Array())).toMatchObject({ sizeBytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' });
  });

  it.each([
    { reason: 'a missing file', name: 'none', message: 'there is no such file' },
    { reason: 'a folder', name: 'sub', message: 'it is a folder' },
    { reason: 'a pipe that nobody writes to', name: 'pipe', message: 'it is a pipe' },
  ])('refuses $reason', ({ name, message }) => {
    mkdirSync(join(folder, 'sub'));
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    expect(() => digestFile(join(folder, name))).toThrow(expect.objectContaining({ code: 'PVM_NO_FILE', message: expect.stringContaining(message) as unknown }) as Error);
  });
});

describe('openFileSource', () => {
  it('reads what is asked for', () => {
    writeFileSync(join(folder, 'f'), 'abcdef');
    const source = openFileSource(join(folder, 'f'));
    expect(Buffer.from(source.read(2, 3)).toString()).toBe('cde');
    expect(() => source.read(4, 3)).toThrow(RangeError);
    source.close();
  });

  it('says so when the file is cut short meanwhile', () => {
    writeFileSync(join(folder, 'f'), 'abcdef');
    const source = openFileSource(join(folder, 'f'));
    truncateSync(join(folder, 'f'), 2);
    expect(() => source.read(0, 6)).toThrow(expect.objectContaining({ code: 'PVM_FILE_CHANGED' }) as Error);
    source.close();
  });
});
