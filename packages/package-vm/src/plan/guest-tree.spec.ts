import { GuestTree } from './guest-tree.js';
import { literalFile } from './system-files.js';

describe('GuestTree', () => {
  it('makes parents and sorts by code unit', () => {
    const tree = new GuestTree();
    for (const path of ['/b', '/a/c/d', '/a.b', '/Ü']) tree.add(literalFile(path, path));
    expect(tree.entries().map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'directory /a', 'file /a.b', 'directory /a/c', 'file /a/c/d', 'file /b', 'file /Ü',
    ]);
  });

  it.each([
    { reason: 'two different files', first: literalFile('/a', '1'), second: literalFile('/a', '2') },
    { reason: 'a file below a file', first: literalFile('/a', '1'), second: literalFile('/a/b', '2') },
    { reason: 'a folder in the place of a file', first: literalFile('/a', '1'), second: { kind: 'directory', path: '/a' } as const },
    { reason: 'a file in the place of a folder', first: literalFile('/a/b', '1'), second: literalFile('/a', '2') },
    { reason: 'two different links', first: { kind: 'link', path: '/a', target: 'b' } as const, second: { kind: 'link', path: '/a', target: 'c' } as const },
    { reason: 'a file below a link', first: { kind: 'link', path: '/a', target: 'b' } as const, second: literalFile('/a/b', '2') },
  ])('tells of $reason', ({ first, second }) => {
    const tree = new GuestTree();
    tree.add(first);
    expect(tree.add(second)).toHaveProperty('collidesWith');
  });

  it('takes the same thing twice', () => {
    const tree = new GuestTree();
    tree.add(literalFile('/a', '1'));
    expect(tree.add(literalFile('/a', '1'))).toBe('added');
  });

  it('lets a default be replaced once', () => {
    const tree = new GuestTree();
    tree.addDefault(literalFile('/etc/passwd', 'ours'));
    expect(tree.add(literalFile('/etc/passwd', 'theirs'))).toBe('replaced');
    expect(tree.add(literalFile('/etc/passwd', 'a third'))).toHaveProperty('collidesWith');
  });
});
