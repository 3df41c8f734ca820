import { appendFileSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { literalFile } from '../plan/system-files.js';
import { writeImage } from '../build/write-image.js';
import { layOutImage } from '@package-vm/disk-image';
import { open, readFile } from 'node:fs/promises';
import { verifyImage } from './verify-image.js';

let folder: string;
let sound: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  sound = join(folder, 'a.img');
  const bootLoader = Buffer.alloc(512);
  bootLoader.writeUInt16LE(0xaa55, 510);
  const layout = layOutImage({ bootLoader, bootFiles: [literalFile('/kernel', 'no kernel')], entries: [literalFile('/a', 'text')], attributes: new Map(), freeBytes: 0, label: 'test' });
  const file = await open(sound, 'w');
  await writeImage({ layout, file }).finally(() => file.close());
  writeFileSync(`${sound}.json`, JSON.stringify({ image: { sha256: createHash('sha256').update(await readFile(sound)).digest('hex') } }));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function copy(): string {
  const path = join(folder, `copy-${Math.random()}.img`);
  copyFileSync(sound, path);
  copyFileSync(`${sound}.json`, `${path}.json`);
  return path;
}

describe('verifyImage', () => {
  it('describes an image that is what its result file says', async () => {
    expect(await verifyImage(copy())).toMatchObject({ root: { files: 1 } });
  });

  it.each([
    { reason: 'other bytes', code: 'PVM_IMAGE_DAMAGED', harm: (path: string) => { appendFileSync(path, 'x'); } },
    { reason: 'no result file', code: 'PVM_NO_FILE', harm: (path: string) => { rmSync(`${path}.json`); } },
    { reason: 'a result file cut short', code: 'PVM_NO_FILE', harm: (path: string) => { writeFileSync(`${path}.json`, '{"image":'); } },
    { reason: 'a result file of something else', code: 'PVM_NO_FILE', harm: (path: string) => { writeFileSync(`${path}.json`, 'null'); } },
    { reason: 'no image', code: 'PVM_NO_FILE', harm: (path: string) => { rmSync(path); } },
    { reason: 'half an image', code: 'PVM_BAD_IMAGE', harm: (path: string) => { writeFileSync(path, 'x'); } },
  ])('refuses $reason', async ({ code, harm }) => {
    const path = copy();
    harm(path);
    await expect(verifyImage(path)).rejects.toMatchObject({ code });
  });
});
