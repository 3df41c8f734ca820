import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { refuseDamaged } from './refuse-damaged.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'damaged-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const IMAGE = 'dist/package-vm/p/p/image/p.img';
const BUNDLE = 'dist/package-vm/p/p/bundle';

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function ended(status: string, output: string): Promise<void> {
  const result = { task: { id: 'p:t', hash: '123', outputs: [output] }, status, code: 0 };
  return refuseDamaged({ workspaceRoot: root, taskResults: { 'p:t': result } as unknown as Parameters<typeof refuseDamaged>[0]['taskResults'] });
}

describe('an image that came from a cache', () => {
  const sound = { [IMAGE]: 'image', [`${IMAGE}.json`]: JSON.stringify({ image: { sha256: sha256('image') } }) };

  it.each(['remote-cache', 'local-cache', 'local-cache-kept-existing'])('passes when it is what its result file says (%s)', async (status) => {
    write(sound);
    await ended(status, dirname(IMAGE));
    expect(existsSync(join(root, IMAGE))).toBe(true);
  });

  it.each([
    { reason: 'with other bytes', files: { ...sound, [IMAGE]: 'other' } },
    { reason: 'without the image', files: { [`${IMAGE}.json`]: '{}' } },
    { reason: 'without its result file', files: { [IMAGE]: 'image' } },
    { reason: 'with nothing at all', files: {} },
  ])('is refused and removed $reason', async ({ files }) => {
    write(files);
    for (const status of ['remote-cache', 'local-cache']) {
      await expect(ended(status, dirname(IMAGE))).rejects.toMatchObject({ code: 'PVM_IMAGE_DAMAGED', hint: expect.stringContaining('Delete `123`') as unknown });
      expect(existsSync(join(root, dirname(IMAGE)))).toBe(false);
    }
  });

  it('is seen to change after it was found good', async () => {
    write(sound);
    await ended('local-cache', dirname(IMAGE));
    write({ [IMAGE]: 'imagE' });
    await expect(ended('local-cache', dirname(IMAGE))).rejects.toMatchObject({ code: 'PVM_IMAGE_DAMAGED' });
  });
});

it('reports everything that is damaged together', async () => {
  const result = { status: 'local-cache', code: 0 };
  const taskResults = { 'p:a': { ...result, task: { hash: '1', outputs: [dirname(IMAGE)] } }, 'q:b': { ...result, task: { hash: '2', outputs: [BUNDLE] } } };
  const refused = refuseDamaged({ workspaceRoot: root, taskResults: taskResults as unknown as Parameters<typeof refuseDamaged>[0]['taskResults'] });
  await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(/`p:a`[^]*`q:b`/) as unknown, hint: expect.stringContaining('`1`, `2`') as unknown });
});

it('recognises an image in an output of any name', async () => {
  write({ 'out/a.img': 'image', 'out/a.img.json': JSON.stringify({ image: { sha256: sha256('other') } }) });
  await expect(ended('local-cache', 'out')).rejects.toMatchObject({ code: 'PVM_IMAGE_DAMAGED' });
});

it.each(['out/file.txt', 'out', 'nothing'])('leaves other outputs alone (%s)', async (output) => {
  write({ 'out/file.txt': 'text', 'out/bundle.js': 'text' });
  await ended('remote-cache', output);
});

describe('a bundle that came from a remote cache', () => {
  const file = (text: string): object => ({ sizeBytes: text.length, sha256: sha256(text) });
  const content = { schemaVersion: 1, name: 'p', program: file('program'), libraries: [], build: null };

  it('passes when its files are what it says', async () => {
    write({ [`${BUNDLE}/program`]: 'program', [`${BUNDLE}/bundle.json`]: JSON.stringify(content) });
    await ended('remote-cache', BUNDLE);
    expect(existsSync(join(root, BUNDLE))).toBe(true);
  });

  it('is missed when it is not there', async () => {
    await expect(ended('local-cache', BUNDLE)).rejects.toMatchObject({ code: 'PVM_BAD_BUNDLE' });
  });

  it('is refused and removed with other bytes', async () => {
    write({ [`${BUNDLE}/program`]: 'pr0gram', [`${BUNDLE}/bundle.json`]: JSON.stringify(content) });
    await expect(ended('remote-cache', BUNDLE)).rejects.toMatchObject({ code: 'PVM_BAD_BUNDLE' });
    expect(existsSync(join(root, BUNDLE))).toBe(false);
  });
});

it.each(['success', 'failure', 'skipped'])('looks at nothing that came from no cache (%s)', async (status) => {
  await ended(status, dirname(IMAGE));
});
