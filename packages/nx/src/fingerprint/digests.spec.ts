import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { digestInput, digestTree, isDigested } from './digests.js';
import { FileDigests } from './file-digests.js';

afterAll(removeTrees);

describe('digestTree', () => {
  it('lists files by path, passing over what builds make', () => {
    const root = temporaryTree({ 'b/c': '1', a: '2', 'out/CACHEDIR.TAG': 'created by cargo', 'out/x': '3', '.git/HEAD': '', 'cached/CACHEDIR.TAG': '' });
    expect(digestTree(root).map((line) => line.split(' ')[0])).toEqual(['/a', '/b/c', '/cached/CACHEDIR.TAG']);
    expect(digestTree(join(root, 'none'), { prefix: 'none' })).toEqual(['none is not there']);
  });

  it('follows links to files and folders, also to its own folder, and tells an empty folder', () => {
    const root = temporaryTree({ 'keys/k': '1', 'elsewhere/deep/x': '2' });
    symlinkSync('../elsewhere', join(root, 'keys/linked'));
    symlinkSync('.', join(root, 'keys/self'));
    mkdirSync(join(root, 'keys/void'));
    const lines = digestTree(join(root, 'keys'), { prefix: 'keys' });
    expect(lines.map((line) => line.replace(/ [0-9a-f]{64}$/, ''))).toEqual(['keys/k', 'keys/linked -> ../elsewhere', 'keys/linked/deep/x', 'keys/self -> .', 'keys/void/']);
    addFiles(root, { 'elsewhere/deep/x': '3' });
    expect(digestTree(join(root, 'keys'), { prefix: 'keys' })).not.toEqual(lines);
  });
});

describe('digestInput', () => {
  it('is the same in another clone where a link leads absolutely into the Nx workspace', () => {
    const [first, second] = [0, 1].map(() => {
      const root = temporaryTree({ 'keys/deep/k': '1', 'elsewhere/x': '2' });
      symlinkSync(join(root, 'elsewhere'), join(root, 'keys/deep/linked'));
      return digestInput(root, 'keys', new FileDigests());
    });
    expect(second).toEqual(first);
  });

  it.each([
    { input: 'keys', path: 'keys/a/k.bin', is: true },
    { input: 'keys/*/*.bin', path: 'keys/a/k.bin', is: true },
    { input: 'keys/*.bin', path: 'keys/a/k.bin', is: false },
    { input: 'keys', path: 'keys/node_modules/x/k.bin', is: false },
    { input: 'keys/**/*', path: 'keys/guest/target/release/k.bin', is: false },
    { input: 'keys/guest/target', path: 'keys/guest/target/release/k.bin', is: true },
    { input: 'keys/guest/target/release/k.bin', path: 'keys/guest/target/release/k.bin', is: true },
    { input: 'linked', path: 'elsewhere/k.bin', is: true },
    { input: 'keys', path: 'keyserver/k.bin', is: false },
  ])('of $input holds $path: $is, and isDigested says so', ({ input, path, is }) => {
    const root = temporaryTree({ [path]: 'before', 'keys/guest/target/CACHEDIR.TAG': 'created by cargo', 'elsewhere/x': '' });
    symlinkSync('elsewhere', join(root, 'linked'));
    const before = digestInput(root, input, new FileDigests());
    addFiles(root, { [path]: 'after' });
    expect(JSON.stringify(digestInput(root, input, new FileDigests())) !== JSON.stringify(before)).toBe(is);
    expect(isDigested(root, input, join(root, path))).toBe(is);
  });

  it.each([
    { input: 'p/*.bin', found: ['p/a.bin'] },
    { input: 'p/**/*.bin', found: ['p/a.bin', 'p/q/b.bin'] },
    { input: '../out/*.bin', found: ['../out/c.bin'] },
    { input: 'p/[x].txt', found: ['p/[x].txt'] },
    { input: 'p/*.none', found: ['p/*.none is not there'] },
  ])('reads $input', ({ input, found }) => {
    const root = temporaryTree({ 'ws/p/a.bin': '', 'ws/p/a.txt': '', 'ws/p/q/b.bin': '', 'ws/p/[x].txt': '', 'out/c.bin': '' });
    expect(digestInput(join(root, 'ws'), input, new FileDigests()).map((line) => line.replace(/ [0-9a-f]{64}$/, ''))).toEqual(found);
  });
});
