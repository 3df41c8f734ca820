import { join } from 'node:path';
import { removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { knownToNx, refuseUnhashedFiles } from './refuse-unhashed-files.js';

afterAll(removeTrees);

const workspaceRoot = temporaryTree({});

function refuse(paths: readonly string[], known: readonly string[], inputs: readonly string[] = []): Promise<void> {
  const askNx = (_: string, patterns: string[]): Promise<readonly string[]> => Promise.resolve(known.filter((path) => patterns.includes(path)));
  return refuseUnhashedFiles({ workspaceRoot, paths: paths.map((path) => join(workspaceRoot, path)), crateFolder: 'crates/a', inputs }, askNx);
}

describe('refuseUnhashedFiles', () => {
  it('lets files pass that Nx hashes, and those outside, which are not its matter', async () => {
    await expect(refuse(['a/seen.bin', '../elsewhere'], ['a/seen.bin'])).resolves.toBeUndefined();
  });

  it.each([
    { reason: 'a file', paths: ['crates/a/seen.bin', 'crates/a/key.bin'], inputs: [], line: 'inputs = ["key.bin"]', message: 'Nx does not hash `crates/a/key.bin`, so' },
    { reason: 'a file beside other inputs', paths: ['run/key.bin'], inputs: ['x/*.bin'], line: 'inputs = ["x/*.bin", "../../run/key.bin"]', message: '`run/key.bin`' },
    { reason: 'a folder', paths: ['s/1', 's/2', 's/3', 's/4'], inputs: [], line: 'inputs = ["../../s"]', message: '`s/1` and 3 more' },
    { reason: 'many files beside the crate', paths: ['crates/a/1', 'crates/a/2', 'crates/a/3', 'crates/a/4'], inputs: [], line: 'inputs = ["1", "2", "3", "4"]', message: '`crates/a/1` and 3 more' },
  ])('names the line that puts $reason into the key', async ({ paths, inputs, line, message }) => {
    const error: unknown = await refuse(paths, ['crates/a/seen.bin'], inputs).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'PVM_UNHASHED_FILE', message: expect.stringContaining(message) as string });
    expect((error as { hint: string }).hint.split('\n')).toEqual([expect.stringContaining('`crates/a/Cargo.toml`'), line]);
  });
});

describe('knownToNx', () => {
  it('asks for many files at once', async () => {
    const asked: string[][] = [];
    const askNx = (_: string, patterns: string[]): Promise<readonly string[]> => Promise.resolve((asked.push(patterns), ['a']));
    expect(await knownToNx('/ws', ['a', 'b[1]'], askNx)).toEqual(new Set(['a']));
    await knownToNx('/ws', Array.from({ length: 201 }, (_, index) => String(index)), askNx);
    expect(asked).toEqual([['a', 'b?1?'], ['**/*']]);
  });
});
