import { join } from 'node:path';
import { removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { refuseLfsPointers } from './refuse-lfs-pointers.js';

afterAll(removeTrees);

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;

describe('refuseLfsPointers', () => {
  it('names a pointer and how to fetch what it stands for', () => {
    const root = temporaryTree({ 'keys/a.bin': POINTER });
    expect(() => { refuseLfsPointers(root, [join(root, 'keys/a.bin')]); }).toThrow(
      expect.objectContaining({ code: 'PVM_LFS_POINTER', message: expect.stringContaining('`keys/a.bin`') as string, hint: expect.stringContaining('git lfs pull --include="keys/a.bin"') as string }) as Error,
    );
  });

  it.each([
    { reason: 'content', text: 'key' },
    { reason: 'what only talks of it', text: `# ${POINTER}` },
    { reason: 'what is longer than any pointer', text: POINTER + 'x'.repeat(1024) },
  ])('lets $reason pass', ({ text }) => {
    const root = temporaryTree({ a: text });
    expect(() => { refuseLfsPointers(root, [join(root, 'a'), join(root, 'none'), root]); }).not.toThrow();
  });
});
