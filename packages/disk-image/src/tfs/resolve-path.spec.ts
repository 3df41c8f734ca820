import { type ImageEntry } from './read-tree.js';
import { resolvePath } from './resolve-path.js';

const ENTRIES: readonly ImageEntry[] = [
  { kind: 'directory', path: '/lib' },
  { kind: 'file', path: '/lib/libc.so', sizeBytes: 1 },
  { kind: 'link', path: '/lib/libm.so', target: 'libc.so' },
  { kind: 'directory', path: '/usr' },
  { kind: 'link', path: '/usr/lib', target: '../lib' },
  { kind: 'link', path: '/lib64', target: '/usr/lib' },
  { kind: 'link', path: '/loop', target: 'loop' },
  { kind: 'link', path: '/dead', target: '/nowhere' },
  { kind: 'link', path: '/top', target: '/' },
];
const find = (path: string): ImageEntry | undefined => ENTRIES.find((entry) => entry.path === path);

describe('resolvePath', () => {
  it.each([
    { reason: 'a file', path: '/lib/libc.so', result: '/lib/libc.so' },
    { reason: 'a folder with needless slashes and dots', path: '//lib/./', result: '/lib' },
    { reason: 'the root', path: '/', result: '/' },
    { reason: 'above the root', path: '/../../lib', result: '/lib' },
    { reason: 'a link beside its target', path: '/lib/libm.so', result: '/lib/libc.so' },
    { reason: 'links to folders, one after the other', path: '/lib64/libm.so', result: '/lib/libc.so' },
    { reason: 'a parent of a linked folder', path: '/usr/lib/../lib64', result: '/lib' },
    { reason: 'a link to the root', path: '/top/lib', result: '/lib' },
    { reason: 'nothing', path: '/lib/none', result: undefined },
    { reason: 'a link to nothing', path: '/dead', result: undefined },
    { reason: 'a link to itself', path: '/loop', result: undefined },
    { reason: 'something inside a file', path: '/lib/libc.so/x', result: undefined },
    { reason: 'the parent of a file', path: '/lib/libc.so/..', result: undefined },
  ])('finds $reason', ({ path, result }) => {
    expect(resolvePath(find, path)).toBe(result);
  });

  it('follows as many links as the kernel', () => {
    const chain = (length: number) => (path: string): ImageEntry | undefined => {
      const index = Number(path.slice(1));
      return index < length ? { kind: 'link', path, target: `/${index + 1}` } : { kind: 'directory', path };
    };
    expect(resolvePath(chain(40), '/0')).toBe('/40');
    expect(resolvePath(chain(41), '/0')).toBeUndefined();
  });
});
