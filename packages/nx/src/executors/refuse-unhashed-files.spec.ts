import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { refuseUnhashedFiles } from './refuse-unhashed-files.js';

afterAll(removeTrees);

const root = temporaryTree({ 'a/seen.bin': '', 'a/key.bin': '', 'a/secret/one': '', 'a/secret/two': '' });

function refuse(paths: readonly string[], known: readonly string[]): Promise<void> {
  return refuseUnhashedFiles(root, paths.map((path) => join(root, path)), (_, patterns) => Promise.resolve(known.filter((path) => patterns.includes(path))));
}

describe('refuseUnhashedFiles', () => {
  it('lets files pass that Nx hashes, and those outside, which are not its matter', async () => {
    await expect(refuse(['a/seen.bin', '../elsewhere'], ['a/seen.bin'])).resolves.toBeUndefined();
  });

  it.each([
    { reason: 'a file', paths: ['a/seen.bin', 'a/key.bin'], known: ['a/seen.bin'], lines: ['!a/key.bin'], message: 'Nx does not hash `a/key.bin`, so' },
    { reason: 'a folder', paths: ['a/seen.bin', 'a/secret/one', 'a/secret/two'], known: ['a/seen.bin'], lines: ['!a/secret/', '!a/secret/one', '!a/secret/two'], message: '`a/secret/one` and 1 more' },
  ])('names the lines that let Nx see $reason', async ({ paths, known, lines, message }) => {
    const error: unknown = await refuse(paths, known).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'PVM_UNHASHED_FILE', message: expect.stringContaining(message) as string });
    expect((error as { hint: string }).hint.split('\n').slice(1)).toEqual(lines);
  });

  it('names the file itself where a link is in between', async () => {
    symlinkSync('a', join(root, 'linked'));
    await expect(refuse(['linked/key.bin'], [])).rejects.toMatchObject({ hint: '`linked/key.bin` is behind a link: name `a/key.bin` instead.' });
  });
});
