import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratchFolder, removeScratchFolder, writingScratch } from './scratch-folder.js';

describe('writingScratch', () => {
  it.each(['ENOSPC', 'EACCES', 'ENOENT'])('tells that the place is no good (%s), and how to have another', async (code) => {
    const write = (): Promise<void> => Promise.reject(Object.assign(new Error(code), { code }));
    await expect(writingScratch('/place', write)).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED', message: expect.stringContaining('`/place`') as string, hint: expect.stringContaining('TMPDIR') as string });
  });

  it('leaves a bug what it is', async () => {
    const bug = new TypeError('a bug');
    await expect(writingScratch('/place', () => { throw bug; })).rejects.toBe(bug);
  });
});

describe('removeScratchFolder', () => {
  // root is let in everywhere
  (process.getuid?.() === 0 ? it.skip : it)('removes what a program closed', async () => {
    const folder = await makeScratchFolder('package-vm-test-');
    mkdirSync(join(folder, 'closed/inner'), { recursive: true });
    chmodSync(join(folder, 'closed'), 0);
    await removeScratchFolder(folder);
    expect(existsSync(folder)).toBe(false);
  });

  it('minds no folder that is gone', async () => {
    const folder = await makeScratchFolder('package-vm-test-');
    spawnSync('rm', ['-r', folder]);
    await removeScratchFolder(folder);
  });
});
