import { failureOf } from '../testing/failure-of.js';
import { file } from '../testing/write-image.js';
import { type TreeEntry, type Tuple, type Value } from '../tree.js';
import { type FileSystemLayout, type FileSystemSpec, layOutFileSystem } from './lay-out-file-system.js';
import { layOutTree } from './lay-out-tree.js';

function layOut(spec: Partial<FileSystemSpec> = {}): FileSystemLayout {
  return layOutFileSystem({ name: 'root', entries: [], attributes: new Map(), label: '', freeBytes: 0, ...spec });
}

const directory = (path: string): TreeEntry => ({ kind: 'directory', path });
const link = (path: string, target: string): TreeEntry => ({ kind: 'link', path, target });

describe('layOutTree', () => {
  it('gives files their sectors folder by folder, empty ones none', () => {
    const entries = [file('/b', 'x'.repeat(513)), file('/a/z', 'x'), file('/a.txt', ''), file('/a/b/c', 'x'.repeat(512))];
    const { files, endSector } = layOutTree(entries, 1025);
    expect(files.map(({ entry, sector }) => [entry.path, sector])).toEqual([
      ['/a/b/c', 1025],
      ['/a/z', 1026],
      ['/a.txt', 1027],
      ['/b', 1027],
    ]);
    expect(endSector).toBe(1029);
  });

  it('makes the folders that only their contents name', () => {
    const withFolders = layOutTree([directory('/a'), directory('/a/b'), file('/a/b/c', '')], 1025);
    expect(layOutTree([file('/a/b/c', '')], 1025).children).toEqual(withFolders.children);
  });
});

describe('layOutFileSystem', () => {
  it.each([
    { fault: 'a relative path', entries: [file('a', '')], message: 'Path `a` is not absolute' },
    { fault: 'the root', entries: [directory('/')], message: 'Path `/` has an empty name' },
    { fault: 'an empty name', entries: [file('/a//b', '')], message: 'Path `/a//b` has an empty name' },
    { fault: 'a slash at the end', entries: [directory('/a/')], message: 'Path `/a/` has an empty name' },
    { fault: '..', entries: [file('/a/../b', '')], message: 'Path `/a/../b` has the name `..`' },
    { fault: '.', entries: [file('/./b', '')], message: 'Path `/./b` has the name `.`' },
    { fault: 'a NUL', entries: [file('/a\0b', '')], message: 'Path `/a\\u0000b` has a NUL' },
    { fault: 'half a surrogate pair', entries: [file('/\ud800', '')], message: 'Path `/\\ud800` has half a surrogate pair' },
    { fault: 'a name one byte too long', entries: [file(`/${'ü'.repeat(128)}`, '')], message: 'has a name of 256 bytes, expected at most 255' },
    { fault: 'a path one byte too long', entries: [file('/abcdefghijklmno'.repeat(256), '')], message: 'has 4096 bytes, expected at most 4095' },
    { fault: 'a path of one name too many', entries: [directory('/a'.repeat(257))], message: 'has 257 names, expected at most 256' },
    { fault: 'a file twice', entries: [file('/a', 'x'), file('/a', 'x')], message: 'Path `/a` occurs twice' },
    { fault: 'a folder twice', entries: [directory('/a'), directory('/a')], message: 'Path `/a` occurs twice' },
    { fault: 'a file that is a folder, too', entries: [file('/a', 'x'), directory('/a')], message: 'Path `/a` occurs twice' },
    { fault: 'a file inside a file', entries: [file('/a/b/c', ''), file('/a', '')], message: 'Path `/a` is no folder, but `/a/b` is inside it' },
    { fault: 'a file inside a link', entries: [link('/a', '/b'), file('/a/b', '')], message: 'Path `/a` is no folder, but `/a/b` is inside it' },
    { fault: 'a link to nowhere', entries: [link('/a', '')], message: 'Link `/a` has an empty target' },
    { fault: 'a link with a NUL', entries: [link('/a', 'b\0')], message: 'Target of link `/a`, `b\\u0000` has a NUL' },
    { fault: 'a link one byte too long', entries: [link('/a', 'x'.repeat(4096))], message: 'has 4096 bytes, expected at most 4095' },
  ])('refuses $fault', ({ entries, message }) => {
    const failure = failureOf(() => layOut({ entries }));
    expect(failure.code).toBe('PVM_BAD_TREE');
    expect(failure.message).toContain(message);
  });

  it.each([
    { reason: 'a name of 255 bytes', entries: [file(`/${'x'.repeat(255)}`, '')] },
    { reason: 'a path of 4095 bytes', entries: [file(`${'/abcdefghijklmno'.repeat(255)}/abcdefghijklmn`, '')] },
    { reason: 'a target of 4095 bytes', entries: [link('/a', 'x'.repeat(4095))] },
  ])('takes $reason', ({ entries }) => {
    expect(layOut({ entries }).segments.length).toBeGreaterThan(0);
  });

  it.each<{ fault: string; attributes: Tuple; message: string }>([
    { fault: 'children', attributes: new Map([['children', new Map()]]), message: 'Root tuple has an attribute `children`' },
    { fault: 'no name', attributes: new Map([['a', [new Map([['', 'x']])]]]), message: 'Attribute `a` has an attribute whose name is empty' },
    { fault: 'half a surrogate pair', attributes: new Map([['a', '\udc00']]), message: 'Attribute `a` has half a surrogate pair' },
    { fault: 'an integer one too large', attributes: new Map([['a', 2n ** 64n]]), message: 'Attribute `a` is 18446744073709551616, which does not fit' },
    { fault: 'an integer one too small', attributes: new Map([['a', -(2n ** 63n) - 1n]]), message: 'which does not fit in 64 bits' },
  ])('refuses attributes with $fault', ({ attributes, message }) => {
    const failure = failureOf(() => layOut({ attributes }));
    expect(failure.code).toBe('PVM_BAD_TREE');
    expect(failure.message).toContain(message);
  });

  it('refuses attributes that are nested without end', () => {
    let inner: Value = [];
    for (let depth = 0; depth < 600; depth++) inner = [inner];
    expect(failureOf(() => layOut({ attributes: new Map([['a', inner]]) })).message).toBe('Attribute `a` is nested more than 520 deep');
  });

  it('takes a label of 31 bytes and refuses one of 32', () => {
    expect(layOut({ label: 'x'.repeat(31) }).uuid).not.toBe(layOut().uuid);
    const failure = failureOf(() => layOut({ label: 'ü'.repeat(16) }));
    expect(failure).toMatchObject({ code: 'PVM_BAD_TREE', message: `Label \`${'ü'.repeat(16)}\` has 32 bytes, expected at most 31` });
    expect(failureOf(() => layOut({ label: 'a\0' })).message).toBe('Label has a NUL');
    expect(failureOf(() => layOut({ label: '\ud800' })).message).toContain('half a surrogate pair');
  });

  it('refuses a log that no reader of ours would take', () => {
    const failure = failureOf(() => layOut({ attributes: new Map([['a', 'x'.repeat(32 * 1024 * 1024)]]) }));
    expect(failure.message).toBe('File system of 0 entries needs a log of 33554451 bytes, expected at most 33554432');
  });

  it.each([{ freeBytes: -1 }, { freeBytes: 0.5 }, { entries: [{ ...file('/a', ''), sizeBytes: -1 }] }, { entries: [{ ...file('/a', ''), sha256: 'AB' }] }])(
    'takes an input that only a bug gives for a bug: %j',
    (spec) => {
      expect(() => layOut(spec)).toThrow(RangeError);
    },
  );
});

describe('the uuid', () => {
  const attributes = new Map([['program', '/a']]);
  const base = layOut({ entries: [file('/a', 'x')], attributes }).uuid;

  it('is the same for the same input', () => {
    expect(layOut({ entries: [file('/a', 'x')], attributes: new Map(attributes) }).uuid).toBe(base);
  });

  it('says that it is made of a digest', () => {
    expect(base).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it.each<{ reason: string; spec: Partial<FileSystemSpec> }>([
    { reason: 'the content of a file', spec: { entries: [file('/a', 'y')], attributes } },
    { reason: 'the name of a file', spec: { entries: [file('/b', 'x')], attributes } },
    { reason: 'an attribute', spec: { entries: [file('/a', 'x')], attributes: new Map([['program', '/b']]) } },
    { reason: 'the label', spec: { entries: [file('/a', 'x')], attributes, label: 'x' } },
    { reason: 'the free space', spec: { entries: [file('/a', 'x')], attributes, freeBytes: 1 } },
    { reason: 'the purpose', spec: { entries: [file('/a', 'x')], attributes, name: 'boot' } },
  ])('follows $reason', ({ spec }) => {
    expect(layOut(spec).uuid).not.toBe(base);
  });
});
