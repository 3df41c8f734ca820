import { join } from 'node:path';
import { addFiles, removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { buildConfiguration } from './cargo-configuration.js';

afterAll(removeTrees);

async function configured(files: Readonly<Record<string, string>>, subcommands: readonly string[] = []): Promise<string> {
  const root = temporaryTree({ 'ws/a': '', 'home/x': '', 'home/more.toml': '', ...files });
  const { lines } = await buildConfiguration({ workspaceRoot: join(root, 'ws'), folder: '.', cargoHome: join(root, 'home'), places: { root }, subcommands });
  return lines.join('\n');
}

describe('buildConfiguration', () => {
  it('sees configuration and toolchain files in the folder and above the Nx workspace, in any order of keys', async () => {
    const root = temporaryTree({ 'ws/a/x': '', '.cargo/config.toml': '[target.x]\nlinker = "l"\nar = "a"', 'rust-toolchain': 'stable', home: '', 'ws/a/rust-toolchain': 'nightly' });
    const read = async (folder: string): Promise<readonly string[]> => (await buildConfiguration({ workspaceRoot: join(root, 'ws'), folder, cargoHome: join(root, 'home'), places: {} })).lines;
    const before = await read('.');
    expect(before).toHaveLength(2);
    expect(await read('a')).toHaveLength(3);
    addFiles(root, { '.cargo/config.toml': '[target.x]\nar = "a"\nlinker = "l" # same' });
    expect(await read('.')).toEqual(before);
  });

  it('is no failure where a file is no TOML', async () => {
    expect(await configured({ 'home/config.toml': '[half' })).toContain('Could not read the cargo configuration');
  });

  it.each([
    { reason: 'how many run at once', before: '[build]\njobs = 3', after: '[build]\njobs = 4' },
    { reason: 'where things are kept', before: '', after: '[build]\ntarget-dir = "x"\nrustc-wrapper = "/usr/bin/sccache"' },
    { reason: 'what runs tests', before: '', after: '[target.x86_64-unknown-linux-gnu]\nrunner = "qemu"' },
    { reason: 'whether builds are incremental, which ours never are', before: '', after: '[profile.release]\nincremental = true' },
    { reason: 'how versions are chosen, which the lock file holds', before: '', after: '[resolver]\nincompatible-rust-versions = "allow"' },
    { reason: 'an alias that nobody uses', before: '', after: '[alias]\nmine = "build"' },
    { reason: 'a token', before: '[registries.x]\ntoken = "t"', after: '[registries.x]\ntoken = "u"' },
  ])('is the same after a change of $reason', async ({ before, after }) => {
    expect(await configured({ 'home/config.toml': after })).toBe(await configured({ 'home/config.toml': before }));
  });

  it.each([
    { reason: 'a file that another includes', before: { 'home/config.toml': 'include = ["more.toml"]' }, after: { 'home/config.toml': 'include = ["more.toml"]', 'home/more.toml': '[build]\nrustflags = ["-g"]' } },
    { reason: 'a variable named like something else', before: { 'home/config.toml': '[env]\njobs = "1"' }, after: { 'home/config.toml': '[env]\njobs = "2"' } },
    { reason: 'how features are unified', before: {}, after: { 'home/config.toml': '[resolver]\nfeature-unification = "workspace"' } },
    { reason: 'an alias in use', before: { 'home/config.toml': '[alias]\nmine = "build"' }, after: { 'home/config.toml': '[alias]\nmine = "build --features x"' } },
    { reason: 'a wrapper that makes something else', before: {}, after: { 'home/config.toml': '[build]\nrustc-wrapper = "./other"' } },
  ])('is another after a change of $reason', async ({ before, after }) => {
    expect(await configured(after, ['mine'])).not.toBe(await configured(before, ['mine']));
  });
});
