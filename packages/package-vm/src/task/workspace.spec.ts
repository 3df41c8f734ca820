import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOutputFiles } from './output-files.js';
import { withScratch } from './testing/scratch.js';
import { type Workspace, type WorkspaceOptions, parseInputFile, prepareWorkspace } from './workspace.js';

const TASK = '{ "id": "7", "args": ["--n", "8"], "files": [] }';

const prepared: Workspace[] = [];
afterEach(async () => {
  for (const workspace of prepared.splice(0)) await workspace.dispose();
});

async function prepare(options: WorkspaceOptions): Promise<Workspace> {
  const workspace = await prepareWorkspace(options);
  prepared.push(workspace);
  return workspace;
}

/** A folder with a task, an input file and an empty workspace in it. */
function withInputs(use: (at: (...parts: string[]) => string) => Promise<void>): Promise<void> {
  return withScratch(async (folder) => {
    const at = (...parts: string[]): string => join(folder, ...parts);
    await writeFile(at('my-task.json'), TASK, { mode: 0o600 });
    await writeFile(at('proof'), 'proof', { mode: 0o400 });
    await mkdir(at('ws'));
    await use(at);
  });
}

describe('prepareWorkspace', () => {
  it('puts the task and the input files there, readable and writable', () =>
    withInputs(async (at) => {
      const workspace = await prepare({ folder: at('ws'), task: at('my-task.json'), inputFiles: [{ hostPath: at('proof'), path: 'in/proof.bin' }] });
      expect(await readFile(at('ws', 'task.json'), 'utf8')).toBe(TASK);
      expect(await readFile(at('ws', 'in', 'proof.bin'), 'utf8')).toBe('proof');
      expect((await lstat(at('ws', 'task.json'))).mode & 0o777).toBe(0o644);
      expect((await lstat(at('ws', 'in', 'proof.bin'))).mode & 0o777).toBe(0o644);
      expect(workspace).toMatchObject({ isTemporary: false, task: { id: '7', args: ['--n', '8'], files: [] }, notes: [] });
    }));

  it('makes a temporary folder and removes it, a given one stays', () =>
    withInputs(async (at) => {
      const temporary = await prepare({});
      expect(existsSync(temporary.folder)).toBe(true);
      await temporary.dispose();
      expect(existsSync(temporary.folder)).toBe(false);
      await (await prepare({ folder: at('ws') })).dispose();
      expect(existsSync(at('ws'))).toBe(true);
    }));

  it('gives a folder to one run at a time', () =>
    withInputs(async (at) => {
      const workspace = await prepare({ folder: at('ws') });
      await expect(prepare({ folder: at('ws') })).rejects.toMatchObject({ code: 'PVM_BAD_WORKSPACE', message: expect.stringContaining('in use') as string });
      await workspace.dispose();
      await expect(prepare({ folder: at('ws'), inputFiles: [{ hostPath: at('absent'), path: 'in' }] })).rejects.toMatchObject({ message: expect.stringContaining('absent') as string });
      await (await prepare({ folder: at('ws') })).dispose();
    }));

  it('moves an old result aside and keeps all of them', () =>
    withInputs(async (at) => {
      for (const text of ['first', 'second']) {
        await writeFile(at('ws', 'task_result.json'), text);
        await (await prepare({ folder: at('ws') })).dispose();
      }
      expect(await readdir(at('ws'))).toEqual(['task_result.1.json', 'task_result.2.json']);
      expect(await readFile(at('ws', 'task_result.2.json'), 'utf8')).toBe('second');
    }));

  it('replaces an older task and input, also when it is a link', () =>
    withInputs(async (at) => {
      await writeFile(at('host-file'), 'untouched');
      await symlink(at('host-file'), at('ws', 'task.json'));
      await symlink(at('host-file'), at('ws', 'proof'));
      await prepare({ folder: at('ws'), task: at('my-task.json'), inputFiles: [{ hostPath: at('proof'), path: 'proof' }] });
      expect(await readFile(at('host-file'), 'utf8')).toBe('untouched');
      expect(await readFile(at('ws', 'proof'), 'utf8')).toBe('proof');
    }));

  it('leaves an input that is already in its place', () =>
    withInputs(async (at) => {
      await writeFile(at('ws', 'data'), 'data');
      await prepare({ folder: at('ws'), inputFiles: [{ hostPath: at('ws', 'data'), path: 'data' }] });
      expect(await readFile(at('ws', 'data'), 'utf8')).toBe('data');
    }));

  it('says when the task names a file that is not there', () =>
    withInputs(async (at) => {
      await writeFile(at('my-task.json'), '{"id":"1","args":[],"files":["/workspace/proof","absent"]}');
      const workspace = await prepare({ folder: at('ws'), task: at('my-task.json'), inputFiles: [{ hostPath: at('proof'), path: '/workspace/proof' }] });
      expect(workspace.notes).toEqual(['The task names the file `absent`, which is not in the workspace.']);
    }));

  it.each<{ reason: string; path: string; message: string; hint?: string }>([
    { reason: 'a way up', path: '../x', message: 'inside the workspace' },
    { reason: 'a way up in the middle', path: 'a/../../x', message: 'inside the workspace' },
    { reason: 'an absolute path', path: '/etc/passwd', message: 'inside the workspace' },
    { reason: 'the workspace itself', path: '/workspace/', message: 'inside the workspace' },
    { reason: 'an empty path', path: '', message: 'inside the workspace' },
    { reason: 'a NUL', path: 'a\0b', message: 'inside the workspace' },
    { reason: 'the task', path: 'task.json', message: 'belongs to the file protocol', hint: '--task' },
    { reason: 'the result', path: '/workspace/task_result.json', message: 'belongs to the file protocol', hint: '--file other=' },
    { reason: 'a place behind a link', path: 'link/x', message: 'is not a folder' },
    { reason: 'a folder', path: 'folder', message: 'is a folder in the workspace' },
  ])('refuses an input file at $reason', ({ path, message, hint }) =>
    withInputs(async (at) => {
      await symlink(at(), at('ws', 'link'));
      await mkdir(at('ws', 'folder'));
      await expect(prepare({ folder: at('ws'), inputFiles: [{ hostPath: at('proof'), path }] })).rejects.toMatchObject({
        code: 'PVM_BAD_WORKSPACE', message: expect.stringContaining(message) as string, ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) as string }),
      });
      expect(existsSync(at('x'))).toBe(false);
    }));

  it.each<{ reason: string; options: (at: (...parts: string[]) => string) => WorkspaceOptions; code: string; message: string; hint?: string }>([
    { reason: 'two inputs in one place', options: (at) => ({ inputFiles: [{ hostPath: at('proof'), path: 'a' }, { hostPath: at('my-task.json'), path: 'a' }] }), code: 'PVM_BAD_WORKSPACE', message: 'Both', hint: '--file other=' },
    { reason: 'an input that is missing', options: (at) => ({ inputFiles: [{ hostPath: at('none'), path: 'a' }] }), code: 'PVM_BAD_WORKSPACE', message: 'Could not read the input file' },
    { reason: 'an input that is a folder', options: (at) => ({ inputFiles: [{ hostPath: at(), path: 'a' }] }), code: 'PVM_BAD_WORKSPACE', message: 'not a regular file' },
    { reason: 'an input with a name that no file can have', options: (at) => ({ folder: at('ws'), inputFiles: [{ hostPath: at('proof'), path: 'n'.repeat(300) }] }), code: 'PVM_BAD_WORKSPACE', message: 'could not be prepared, at' },
    { reason: 'an input for which a temporary workspace has no place', options: (at) => ({ inputFiles: [{ hostPath: at('proof'), path: 'n'.repeat(300) }] }), code: 'PVM_WRITE_FAILED', message: 'Could not write' },
    { reason: 'a workspace that is a file', options: (at) => ({ folder: at('proof') }), code: 'PVM_BAD_WORKSPACE', message: 'is not a folder', hint: 'Name another with `--workspace`' },
    { reason: 'a task that is missing', options: (at) => ({ task: at('none.json') }), code: 'PVM_BAD_TASK', message: 'Could not read the task' },
    { reason: 'a task that is no JSON', options: (at) => ({ task: at('proof') }), code: 'PVM_BAD_TASK', message: 'is not JSON' },
  ])('refuses $reason', ({ options, code, message, hint }) =>
    withInputs(async (at) => {
      await expect(prepare(options(at))).rejects.toMatchObject({
        code, message: expect.stringContaining(message) as string, ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) as string }),
      });
    }));
});

describe('readOutputFiles', () => {
  it('lists what is new or changed, by path, with digests, and follows no link', () =>
    withInputs(async (at) => {
      await writeFile(at('ws', 'kept'), 'kept');
      const { before, folder } = await prepare({ folder: at('ws'), task: at('my-task.json') });
      await mkdir(at('ws', 'out'));
      await writeFile(at('ws', 'out', 'b'), '');
      await writeFile(at('ws', 'a'), 'abc');
      await writeFile(at('ws', 'task_result.json'), '{}');
      await symlink('/etc', at('ws', 'etc'));
      expect(await readOutputFiles(folder, before)).toEqual([
        { path: 'a', sizeBytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
        { path: 'out/b', sizeBytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      ]);
    }));
});

it.each([
  { text: 'proofs/proof.bin', file: { hostPath: '/here/proofs/proof.bin', path: 'proof.bin' } },
  { text: 'in/p=/proofs/a=b', file: { hostPath: '/proofs/a=b', path: 'in/p' } },
])('parseInputFile reads $text', ({ text, file }) => {
  expect(parseInputFile(text, '/here')).toEqual(file);
});
