import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readResultFiles, resultNotes } from './result-files.js';
import { withScratch } from './testing/scratch.js';

function withResult(result: string | undefined, use: (at: (...parts: string[]) => string) => Promise<void>): Promise<void> {
  return withScratch(async (folder) => {
    const at = (...parts: string[]): string => join(folder, ...parts);
    await mkdir(at('ws', 'sub'), { recursive: true });
    for (const name of ['proof.bin', 'sub/claim.json']) await writeFile(at('ws', name), name);
    if (result !== undefined) await writeFile(at('ws', 'task_result.json'), result);
    await use(at);
  });
}

const ok = (...files: string[]): string => JSON.stringify({ Ok: { id: '1', data: [], files } });

describe('readResultFiles', () => {
  it('gives the files under the names that the program gave them', () =>
    withResult(ok('proof.bin', '/workspace/sub/claim.json'), async (at) => {
      const files = [{ hostPath: at('ws', 'proof.bin'), path: 'proof.bin' }, { hostPath: at('ws', 'sub/claim.json'), path: 'sub/claim.json' }];
      expect(await readResultFiles(at('ws'))).toEqual(files);
      expect(await readResultFiles(at('ws', 'task_result.json'))).toEqual(files);
    }));

  it.each([
    { reason: 'no result', result: undefined, message: 'There is no `task_result.json`' },
    { reason: 'an Err', result: '{"Err":"no luck"}', message: 'is `Err`: no luck' },
    { reason: 'garbage', result: '{', message: 'cannot be read: it is not JSON' },
    { reason: 'a file that is not there', result: ok('absent'), message: 'names the file `absent`, which is not there' },
    { reason: 'a folder', result: ok('sub'), message: 'not a regular file of that folder' },
    { reason: 'a file outside', result: ok('../host-file'), message: 'not a regular file of that folder' },
    { reason: 'a link', result: ok('link'), message: 'not a regular file of that folder' },
    { reason: 'a file behind a link', result: ok('out/host-file'), message: 'not a regular file of that folder' },
  ])('refuses $reason', ({ result, message }) =>
    withResult(result, async (at) => {
      await writeFile(at('host-file'), 'secret');
      await symlink(at('host-file'), at('ws', 'link'));
      await symlink(at(), at('ws', 'out'));
      await expect(readResultFiles(at('ws'))).rejects.toMatchObject({ code: 'PVM_BAD_WORKSPACE', message: expect.stringContaining(message) as string });
    }));
});

describe('resultNotes', () => {
  const result = { kind: 'ok', id: '1', data: new Uint8Array(), files: ['proof.bin', '/workspace/sub/claim.json'] } as const;
  const task = { id: '1', args: [], files: [] };

  it('has nothing to say of a sound result, of another kind, and of none', () =>
    withResult(undefined, async (at) => {
      expect(await resultNotes(at('ws'), result, task)).toEqual([]);
      expect(await resultNotes(at('ws'), { ...result, id: '2' }, undefined)).toEqual([]);
      expect(await resultNotes(at('ws'), { kind: 'error', message: 'no' }, task)).toEqual([]);
      expect(await resultNotes(at('ws'), undefined, task)).toEqual([]);
    }));

  it('tells of another id, and of files that nobody can fetch', () =>
    withResult(undefined, async (at) => {
      await symlink(at('ws', 'proof.bin'), at('ws', 'link'));
      await writeFile(at('host-file'), 'secret');
      expect(await resultNotes(at('ws'), { ...result, id: '2', files: ['absent', '../host-file', 'sub', 'link', 'proof.bin'] }, task)).toEqual([
        'The result has the id `2`, the task has `1`: a node would not know what it belongs to.',
        'The result names the file `absent`, which is not there.',
        'The result names `../host-file`, which is not a regular file of the workspace.',
        'The result names `sub`, which is not a regular file of the workspace.',
        'The result names `link`, which is not a regular file of the workspace.',
      ]);
    }));
});
