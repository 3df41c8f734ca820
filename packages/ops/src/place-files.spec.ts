import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { placeFiles } from './place-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ops-spec-'));
  for (const path of ['data/a', 'data/b', 'data/sub/c', 'data/sub/not-wanted', 'other/d']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Guest path → path on this machine, or `!` and the bytes. */
function place(files: Readonly<Record<string, string>>): void {
  const content = (from: string): { hostPath: string } | { bytes: Uint8Array } =>
    from.startsWith('!') ? { bytes: new TextEncoder().encode(from.slice(1)) } : { hostPath: join(folder, from) };
  placeFiles(Object.entries(files).map(([path, from]) => ({ path, content: content(from) })), join(folder, 'work'));
  for (const [path, from] of Object.entries(files)) expect(readFileSync(join(folder, 'work', path), 'utf8')).toBe(from.replace(/^!/, ''));
}

const isLink = (path: string): boolean => lstatSync(join(folder, 'work', path)).isSymbolicLink();

describe('placeFiles', () => {
  it('links a folder whose files lie together', () => {
    place({ '/x/y/a': 'data/a', '/x/y/b': 'data/b', '/x/y/sub/c': 'data/sub/c' });
    expect(readlinkSync(join(folder, 'work/x/y'))).toBe(join(folder, 'data'));
  });

  it.each([
    { reason: 'a file of another name', files: { '/x/a': 'data/a', '/x/renamed': 'data/b' } },
    { reason: 'a file from elsewhere', files: { '/x/a': 'data/a', '/x/d': 'other/d' } },
    { reason: 'a folder from elsewhere', files: { '/x/a': 'data/a', '/x/sub/d': 'other/d' } },
    { reason: 'a folder of another name', files: { '/x/a': 'data/a', '/x/sup/c': 'data/sub/c' } },
    { reason: 'a file of ours', files: { '/x/a': 'data/a', '/x/b': '!bytes' } },
  ])('links the files alone beside $reason', ({ files }) => {
    place(files);
    expect([isLink('x'), isLink('x/a')]).toEqual([false, true]);
  });
});
