import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-folder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('makeFolder', () => {
  it('makes what is missing, and is content with what is there', async () => {
    await makeFolder(join(folder, 'a/b/c'));
    await makeFolder(join(folder, 'a/b/c'));
    expect(existsSync(join(folder, 'a/b/c'))).toBe(true);
  });

  it.each([
    { reason: 'a file in the place', path: 'file', code: 'EEXIST' },
    { reason: 'a file above', path: 'file/a', code: 'ENOTDIR' },
  ])('refuses $reason', async ({ path, code }) => {
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, path))).rejects.toMatchObject({ code });
  });

  it('ends where nothing can be made', async () => {
    await expect(makeFolder('/proc/none/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
