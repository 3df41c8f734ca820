import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, makeFolderSync } from './make-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-folder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe.each([
  { name: 'makeFolder', make: makeFolder },
  { name: 'makeFolderSync', make: async (path: string): Promise<void> => { await Promise.resolve(); makeFolderSync(path); } },
])('$name', ({ make }) => {
  it('makes what is missing, and is content with what is there', async () => {
    await make(join(folder, 'a/b/c'));
    await make(join(folder, 'a/b/c'));
    expect(existsSync(join(folder, 'a/b/c'))).toBe(true);
  });

  it.each([
    { reason: 'a file in the place', path: 'file', code: 'EEXIST' },
    { reason: 'a file above', path: 'file/a', code: 'ENOTDIR' },
  ])('refuses $reason', async ({ path, code }) => {
    writeFileSync(join(folder, 'file'), '');
    await expect(make(join(folder, path))).rejects.toMatchObject({ code });
  });

  it('ends where nothing can be made', async () => {
    await expect(make('/proc/none/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
