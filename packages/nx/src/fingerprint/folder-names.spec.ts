import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { folderNames } from './folder-names.js';

afterAll(removeTrees);

describe('folderNames', () => {
  it.each([
    { source: 'a/', names: ['deep/', 'deep/k.bin', 'k.bin', 'k.txt', 'link -> k.txt', 'void/'] },
    { source: 'a/*.bin', names: ['deep/k.bin', 'k.bin'] },
    { source: 'a/void/*', names: [] },
    { source: 'none/', names: [] },
  ])('has of $source what an image gets', ({ source, names }) => {
    const root = temporaryTree({ 'a/k.bin': '', 'a/k.txt': '', 'a/deep/k.bin': '' });
    symlinkSync('k.txt', join(root, 'a/link'));
    mkdirSync(join(root, 'a/void'));
    expect(folderNames(root, source)).toEqual([source, ...names]);
  });

  it('has another line for a link that leads elsewhere, and none for another content', () => {
    const root = temporaryTree({ 'a/k.bin': '' });
    symlinkSync('k.bin', join(root, 'a/link'));
    const before = folderNames(root, 'a/');
    addFiles(root, { 'a/k.bin': 'other' });
    expect(folderNames(root, 'a/')).toEqual(before);
    rmSync(join(root, 'a/link'));
    symlinkSync('./k.bin', join(root, 'a/link'));
    expect(folderNames(root, 'a/')).not.toEqual(before);
  });
});
