import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { emptyFolders } from './empty-folders.js';

afterAll(removeTrees);

describe('emptyFolders', () => {
  it('finds those at any depth, and none in what is no folder', () => {
    const root = temporaryTree({ 'a/file': '' });
    for (const path of ['a/void', 'none/deep']) mkdirSync(join(root, path), { recursive: true });
    expect(emptyFolders(root).map((path) => path.slice(root.length + 1))).toEqual(['a/void', 'none/deep']);
    expect([emptyFolders(join(root, 'a/file')), emptyFolders(join(root, 'gone')), emptyFolders(join(root, 'a/void'))]).toEqual([[], [], [join(root, 'a/void')]]);
  });
});
