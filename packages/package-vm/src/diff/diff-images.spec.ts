import { type ImageSpec, type Tuple, layOutImage } from '@package-vm/disk-image';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImage } from '../build/write-image.js';
import { literalFile } from '../plan/system-files.js';
import { acceptedDifferences } from './accepted-differences.js';
import { compareTrees } from './compare-trees.js';
import { diffImages } from './diff-images.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let count = 0;
async function makeImage(changes: Partial<ImageSpec> = {}): Promise<string> {
  const bootLoader = Buffer.alloc(512);
  bootLoader.writeUInt16LE(0xaa55, 510);
  const layout = layOutImage({ bootLoader, bootFiles: [literalFile('/kernel', 'k')], entries: [literalFile('/p', 'x')], attributes: attributes({}), freeBytes: 0, ...changes });
  const path = join(folder, `${(count += 1)}.img`);
  const file = await open(path, 'w');
  await writeImage({ layout, file }).finally(() => file.close());
  return path;
}

const attributes = (environment: Readonly<Record<string, string>>): Tuple =>
  new Map<string, never>([['program', '/p'], ['arguments', ['p']], ['environment', new Map(Object.entries(environment))]] as unknown as [string, never][]);

describe('diffImages', () => {
  it('finds nothing between images of the same tree, whatever their size', async () => {
    const diff = diffImages(await makeImage(), await makeImage({ freeBytes: 1024 * 1024 }));
    expect(diff).toMatchObject({ differences: [], isSame: true, a: { engine: 'builtin' } });
    expect(diff.b.sizeBytes - diff.a.sizeBytes).toBe(1024 * 1024);
  });

  it.each([
    { reason: 'an attribute', changes: { attributes: attributes({ A: '1' }) }, difference: { part: 'attributes', path: 'environment/A', a: undefined, b: '1' } },
    { reason: 'content', changes: { entries: [literalFile('/p', 'y')] }, difference: { part: 'root', path: '/p', b: { kind: 'file', sizeBytes: 1 } } },
    { reason: 'a kind', changes: { entries: [{ kind: 'link', path: '/p', target: 'q' }] }, difference: { part: 'root', path: '/p', b: { kind: 'link', target: 'q' } } },
    { reason: 'an empty folder', changes: { entries: [literalFile('/p', 'x'), { kind: 'directory', path: '/d' }] }, difference: { part: 'root', path: '/d', a: undefined, b: { kind: 'directory' } } },
    { reason: 'a file, not its folder', changes: { entries: [literalFile('/p', 'x'), literalFile('/d/e', '')] }, difference: { part: 'root', path: '/d/e', a: undefined } },
    { reason: 'a boot file', changes: { bootFiles: [literalFile('/kernel', 'other')] }, difference: { part: 'boot', path: '/kernel' } },
  ] as const)('tells $reason', async ({ changes, difference }) => {
    const diff = diffImages(await makeImage(), await makeImage(changes));
    expect(diff.differences).toEqual([expect.objectContaining({ part: difference.part, path: difference.path }) as unknown]);
    expect(diff.differences).toMatchObject([difference]);
    expect(diff.isSame).toBe(false);
  });

  it('accepts what the engines are known to have differently, and nothing else', async () => {
    const builtin = await makeImage({ entries: [literalFile('/p', 'x'), { kind: 'link', path: '/proc/self/exe', target: '/p' }], attributes: attributes({ IMAGE_NAME: 'a.b' }) });
    const ops = await makeImage({ attributes: attributes({ IMAGE_NAME: 'a', OPS_VERSION: '0.1.46', NEW: '1' }) });
    const diff = diffImages(builtin, ops);
    expect(diff.differences.map(({ path, accepted }) => [path, accepted !== undefined])).toEqual([
      ['environment/IMAGE_NAME', true],
      ['environment/NEW', false],
      ['environment/OPS_VERSION', true],
      ['/proc/self/exe', true],
    ]);
    expect([diff.isSame, diff.a.engine, diff.b.engine]).toEqual([false, 'builtin', 'ops']);
    // the other way round as well, but not between two of ours
    expect(diffImages(ops, builtin).differences.filter(({ accepted }) => accepted === undefined)).toHaveLength(1);
    expect(diffImages(builtin, await makeImage()).differences.map(({ accepted }) => accepted)).toEqual([undefined, undefined]);
  });
});

describe('acceptedDifferences', () => {
  it('have a reason each, and are each for one place', () => {
    expect(acceptedDifferences.filter(({ reason }) => !/^[A-Zo`].*\.$/.test(reason))).toEqual([]);
    expect(new Set(acceptedDifferences.map(({ part, path, onlyIn }) => `${part} ${path} ${onlyIn}`)).size).toBe(acceptedDifferences.length);
  });
});

describe('compareTrees', () => {
  it('tells a key with a slash from a key inside another', () => {
    const tree = (attributes: Readonly<Record<string, unknown>>) => ({ attributes, bootFiles: [], entries: [] });
    const differences = compareTrees(tree({ a: { b: '1' } }), tree({ 'a/b': '1' }));
    expect(differences).toEqual([
      { part: 'attributes', path: 'a/b', a: '1', b: undefined },
      { part: 'attributes', path: 'a~1b', a: undefined, b: '1' },
    ]);
  });

  it('tells an empty tuple by what the other has in it', () => {
    const tree = (environment: object): Parameters<typeof compareTrees>[0] => ({ attributes: { environment }, bootFiles: [], entries: [] });
    expect(compareTrees(tree({}), tree({ A: '1' }))).toEqual([{ part: 'attributes', path: 'environment/A', a: undefined, b: '1' }]);
    expect(compareTrees(tree({}), { ...tree({}), attributes: {} })).toMatchObject([{ path: 'environment', a: {} }]);
  });
});
