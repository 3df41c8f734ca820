import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from './read-manifest.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-manifest-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('readManifest', () => {
  it('gives the bytes as they are', () => {
    writeFileSync(join(folder, 'vm.json'), Buffer.from([0xff, 0x00, 0x80]));
    expect([...readManifest(join(folder, 'vm.json'))]).toEqual([0xff, 0x00, 0x80]);
  });

  it.each([
    { reason: 'is not there', path: 'none.json', message: 'There is no manifest', hint: 'Create one with `package-vm init`, or name another with `-c`.' },
    { reason: 'is a folder', path: '.', message: 'it is a folder', hint: 'Name the file in it with `-c`.' },
    { reason: 'never ends', path: '/dev/zero', message: 'it is no regular file', hint: 'Write it to a file, and name that with `-c`.' },
    { reason: 'is a pipe that nobody writes to', path: 'pipe', message: 'it is no regular file', hint: 'Write it to a file, and name that with `-c`.' },
    { reason: 'is huge', path: 'huge', message: 'it has 1099511627776 bytes', hint: undefined },
  ])('refuses what $reason', ({ path, message, hint }) => {
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'huge'), '');
    truncateSync(join(folder, 'huge'), 2 ** 40);
    const failure: unknown = expect.objectContaining({ code: 'PVM_NO_MANIFEST', message: expect.stringContaining(message) as unknown, hint });
    expect(() => readManifest(path.startsWith('/') ? path : join(folder, path))).toThrow(failure as Error);
  });
});
