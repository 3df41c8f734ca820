import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLfsPointer, refuseLfsPointers } from './lfs-pointer.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lfs-'));
  // written by git-lfs 3.4
  writeFileSync(join(folder, 'pointer'), 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n');
  writeFileSync(join(folder, 'short'), 'version https://git-lfs');
  writeFileSync(join(folder, 'key'), Buffer.alloc(100));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a pointer of Git LFS', () => {
  it.each([
    { name: 'pointer', is: true },
    { name: 'short', is: false },
    { name: 'key', is: false },
    { name: '.', is: false },
    { name: 'missing', is: false },
  ])('is told from content: $name', ({ name, is }) => {
    expect(isLfsPointer(join(folder, name))).toBe(is);
  });

  it('is refused', () => {
    const refuse = (...names: readonly string[]) => () => {
      refuseLfsPointers(names.map((name) => join(folder, name)));
    };
    expect(refuse('key')).not.toThrow();
    expect(refuse('key', 'pointer')).toThrow(expect.objectContaining({ code: 'PVM_LFS_POINTER', hint: 'Fetch it with `git lfs pull`.' }) as Error);
  });
});
