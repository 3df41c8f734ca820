import { type Tuple, type Value } from '../tree.js';
import { type EntryContext } from './entry-tuples.js';
import { type ImageTree, readAttributes, readTree } from './read-tree.js';

const CONTEXT: EntryContext = { sizeBytes: 100 * 512, fault: (_, message) => new Error(message) };

function tuple(members: Readonly<Record<string, Value>>): Tuple {
  return new Map(Object.entries(members));
}

function treeOf(children: Readonly<Record<string, Value>>): ImageTree {
  return readTree(tuple({ children: tuple(children) }), CONTEXT);
}

function fileOf(extents: Readonly<Record<string, Value>>, filelength: Value = '1000'): Tuple {
  return tuple({ filelength, extents: tuple(extents) });
}

function extent(length: Value, offset: Value, more: Readonly<Record<string, Value>> = {}): Tuple {
  return tuple({ length, offset, allocated: length, ...more });
}

describe('readTree', () => {
  it('lists folders, files and links by path, in code units', () => {
    const { entries } = treeOf({
      b: tuple({ children: tuple({ z: fileOf({ 0: extent('2', '50') }), a: tuple({ linktarget: '../b.txt' }) }) }),
      'b.txt': fileOf({}, '0'),
      Z: tuple({ children: tuple({}) }),
    });
    expect(entries).toEqual([
      { kind: 'directory', path: '/Z' },
      { kind: 'directory', path: '/b' },
      { kind: 'file', path: '/b.txt', sizeBytes: 0 },
      { kind: 'link', path: '/b/a', target: '../b.txt' },
      { kind: 'file', path: '/b/z', sizeBytes: 1000 },
    ]);
  });

  it('lists a file with two names twice', () => {
    const content = fileOf({}, '0');
    expect(treeOf({ a: content, b: content }).entries).toHaveLength(2);
  });

  it.each([
    { reason: 'decimal strings, as ops writes', file: fileOf({ 0: extent('2', '50') }), extents: [[0, 50, 2, false]] },
    { reason: 'integers, as the kernel writes', file: fileOf({ 0: extent(2n, 50n) }, 1000n), extents: [[0, 50, 2, false]] },
    { reason: 'extents in any order', file: fileOf({ 10: extent('2', '50'), 2: extent('1', '60') }), extents: [[2, 60, 1, false], [10, 50, 2, false]] },
    { reason: 'one that was never written', file: fileOf({ 0: extent(2n, 50n, { uninited: '\0' }) }), extents: [[0, 50, 2, true]] },
    { reason: 'one up to the last sector', file: fileOf({ 0: extent('1', '99') }), extents: [[0, 99, 1, false]] },
    { reason: 'a file that has none', file: tuple({}), extents: [] },
  ])('reads extents: $reason', ({ file, extents }) => {
    const found = treeOf({ file }).contents.get('/file')?.extents;
    expect(found?.map(({ fileSector, diskSector, sectorCount, isBlank }) => [fileSector, diskSector, sectorCount, isBlank])).toEqual(extents);
  });

  it.each([
    { fault: 'a root that is a file', root: tuple({}), message: 'Root of the file system has no children' },
    { fault: 'children that are a string', root: tuple({ children: 'x' }), message: 'Entry has a `children` of another type' },
  ])('refuses $fault', ({ root, message }) => {
    expect(() => readTree(root, CONTEXT)).toThrow(message);
  });

  const folder = tuple({ children: tuple({}) });
  it.each([
    { fault: 'a name that leaves the folder', children: { '..': folder }, message: 'Folder `/` has an entry called ".."' },
    { fault: 'a name that is the folder', children: { '.': folder }, message: 'Folder `/` has an entry called "."' },
    { fault: 'a name with a slash', children: { a: tuple({ children: tuple({ 'b/../../c': folder }) }) }, message: 'Folder `/a/` has an entry called "b/../../c"' },
    { fault: 'a name with a NUL', children: { 'a\0b': folder }, message: 'has an entry called "a\\u0000b"' },
    { fault: 'a child that is a string', children: { a: 'x' }, message: 'Entry `/a` is no tuple' },
    { fault: 'a folder in two places', children: { a: folder, b: folder }, message: 'Folder `/b/` is inside another folder too' },
    { fault: 'a link target that is a tuple', children: { a: tuple({ linktarget: folder }) }, message: 'Entry has a `linktarget` of another type' },
    { fault: 'extents that are a string', children: { a: tuple({ extents: '0' }) }, message: 'Extents of a file are no tuple' },
    { fault: 'an extent at no number', children: { a: fileOf({ x: extent('1', '50') }) }, message: 'Extent `x` of a file is no number and tuple' },
    { fault: 'an extent that is a string', children: { a: fileOf({ 0: '50' }) }, message: 'Extent `0` of a file is no number and tuple' },
    { fault: 'an extent without offset', children: { a: fileOf({ 0: tuple({ length: '1' }) }) }, message: 'Attribute `offset` is no number of at most 15 digits' },
    { fault: 'a length below zero', children: { a: fileOf({ 0: extent(-1n, '50') }) }, message: 'Attribute `length` is no number' },
    { fault: 'a length in hexadecimal', children: { a: fileOf({ 0: extent('0x1', '50') }) }, message: 'Attribute `length` is no number' },
    { fault: 'a length of 16 digits', children: { a: fileOf({}, '1000000000000000') }, message: 'Attribute `filelength` is no number of at most 15 digits' },
    { fault: 'an extent past the end', children: { a: fileOf({ 0: extent('2', '99') }) }, message: 'Extent at sector 99 with 2 sectors ends after the file system\'s 51200 bytes' },
    { fault: 'extents that overlap', children: { a: fileOf({ 0: extent('2', '50'), 1: extent('1', '60') }) }, message: 'Extents of a file overlap at its sector 1' },
    { fault: 'a hole without end', children: { a: fileOf({}, '17179920385') }, message: 'File of 17179920385 bytes has holes of more than 17179869184 bytes' },
  ])('refuses $fault', ({ children, message }) => {
    expect(() => treeOf(children as Readonly<Record<string, Value>>)).toThrow(message);
  });

  it('refuses a folder inside itself', () => {
    const children = new Map<string, Value>();
    children.set('a', new Map([['children', children]]));
    expect(() => readTree(new Map([['children', children]]), CONTEXT)).toThrow('Folder `/a/` is inside another folder too');
  });

  it('refuses paths longer than the kernel takes', () => {
    let inner: Tuple = folder;
    for (let depth = 0; depth < 17; depth++) inner = tuple({ children: tuple({ ['x'.repeat(250)]: inner }) });
    expect(() => readTree(inner, CONTEXT)).toThrow('Paths of the file system are too long');
  });

  it('refuses paths that are together longer than memory takes', () => {
    const many = new Map(Array.from({ length: 20_000 }, (_, index) => [String(index), tuple({})] as const));
    let inner: Tuple = tuple({ children: many });
    for (let depth = 0; depth < 16; depth++) inner = tuple({ children: tuple({ ['x'.repeat(250)]: inner }) });
    expect(() => readTree(inner, CONTEXT)).toThrow('Paths of the file system are too long');
  });
});

describe('readAttributes', () => {
  it('gives all but the children', () => {
    expect(readAttributes(tuple({ program: '/x', children: tuple({}), arguments: ['x'] }), CONTEXT)).toEqual(tuple({ program: '/x', arguments: ['x'] }));
  });

  it('refuses a tuple that occurs twice, which could contain itself', () => {
    const twice = tuple({});
    expect(() => readAttributes(tuple({ a: twice, b: [twice] }), CONTEXT)).toThrow('A tuple or vector occurs twice in the attributes of the root');
  });

  it('refuses the root inside its attributes', () => {
    const root = new Map<string, Value>();
    root.set('a', root);
    expect(() => readAttributes(root, CONTEXT)).toThrow('A tuple or vector occurs twice in the attributes of the root');
  });

  it('refuses attributes that are nested without end, as updates may build them', () => {
    let inner: Value = [];
    for (let depth = 0; depth < 5000; depth++) inner = [inner];
    expect(() => readAttributes(tuple({ inner }), CONTEXT)).toThrow('Attributes of the root are nested more than 520 deep');
  });
});
