import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { buildConfiguration } from './cargo-configuration.js';
import { digestInput, digestTree } from './digests.js';
import { FileDigests } from './file-digests.js';
import { fingerprintParts, fingerprintWords, shellWord } from './fingerprint-words.js';
import { toolchainFingerprint } from './toolchain.js';
import { buildVariables } from './variables.js';

afterAll(removeTrees);

/** A machine with a compiler that answers `version`. */
function fakeHome(version: string, files: Readonly<Record<string, string>> = {}): { root: string; env: Record<string, string> } {
  const root = temporaryTree({ rustc: `#!/bin/sh\necho ${version}\n`, 'ws/Cargo.toml': '', ...files });
  chmodSync(join(root, 'rustc'), 0o755);
  return { root, env: { PATH: `${root}:${process.env.PATH ?? ''}`, CARGO_HOME: join(root, 'cargo'), RUSTUP_HOME: join(root, 'rustup') } };
}

function fingerprint({ root, env }: ReturnType<typeof fakeHome>, more: Readonly<Record<string, string>> = {}, unhashed: readonly string[] = []): Promise<string> {
  return toolchainFingerprint({ workspaceRoot: join(root, 'ws'), folder: '.', unhashed, env: { ...env, ...more } });
}

describe('the fingerprint of a toolchain', () => {
  it('is one digest, the same in another folder with another home', async () => {
    const flags = (home: ReturnType<typeof fakeHome>): Record<string, string> => ({ RUSTFLAGS: `-L ${home.root}/ws/lib` });
    const [first, second] = [fakeHome('rustc 1'), fakeHome('rustc 1')];
    const digest = await fingerprint(first, flags(first));
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await fingerprint(second, flags(second))).toBe(digest);
  });

  it('changes with the compiler, its flags, cargo’s own configuration, an override, and sources outside', async () => {
    const home = fakeHome('rustc 1', { 'outside/src/lib.rs': 'a' });
    const seen = [await fingerprint(home, {}, ['../outside'])];
    const expectNew = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
      const next = await fingerprint(home, more, ['../outside']);
      expect(seen).not.toContain(next);
      seen.push(next);
    };
    await expectNew({ RUSTFLAGS: '-C opt-level=1' });
    addFiles(home.root, { rustc: '#!/bin/sh\necho rustc 2\n' });
    await expectNew();
    addFiles(home.root, { 'cargo/config.toml': '[build]\nrustflags = ["-g"]' });
    await expectNew();
    addFiles(home.root, { 'rustup/settings.toml': `[overrides]\n"${home.root}/ws/a" = "nightly"\n` });
    await expectNew();
    addFiles(home.root, { 'outside/src/lib.rs': 'b' });
    await expectNew();
    addFiles(home.root, { 'ws/.cargo/config.toml': '[profile.release]\nopt-level = 1' });
    await expectNew();
    addFiles(home.root, { 'ws/rust-toolchain.toml': '[toolchain]\nchannel = "1.80"' });
    await expectNew();
  });

  it('stays the same with variables and configuration that change nothing', async () => {
    const home = fakeHome('rustc 1', { 'cargo/config.toml': '[net]\noffline = true\n[build]\njobs = 3\n[registries.x]\ntoken = "t"' });
    const before = await fingerprint(home);
    addFiles(home.root, { 'cargo/config.toml': '[net]\noffline = false\n[build]\njobs = 4\n[registries.x]\ntoken = "u"' });
    expect(await fingerprint(home, { CARGO_REGISTRY_TOKEN: 's', CARGO_BUILD_JOBS: '2', CARGO_TERM_COLOR: 'always', RUST_LOG: 'debug', RUSTC_WRAPPER: '/usr/bin/sccache' })).toBe(before);
  });

  it('asks the toolchain that a command names', async () => {
    const home = fakeHome('rustc ${RUSTUP_TOOLCHAIN:-1}');
    const digests = await Promise.all([[], ['+nightly'], ['+beta'], ['+beta']].map((words) => fingerprint(home, {}, words)));
    expect(new Set(digests).size).toBe(3);
  });

  it('is never the same without a compiler: what an unknown one made is no hit', async () => {
    const home = fakeHome('rustc 1');
    expect(await fingerprint(home, { RUSTC: '/no/such' })).not.toBe(await fingerprint(home, { RUSTC: '/no/such' }));
  });
});

describe('buildVariables', () => {
  it('name places of the machine, so that two clones agree', () => {
    const places = { workspace: '/home/u/ws', home: '/home/u' };
    expect(buildVariables({ RUSTFLAGS: '-L /home/u/ws/lib -L /home/u/lib', CC: 'clang', HOME: '/home/u' }, places)).toEqual(['CC=clang', 'RUSTFLAGS=-L <workspace>/lib -L <home>/lib']);
  });

  it.each([
    'RUSTFLAGS', 'CARGO_ENCODED_RUSTFLAGS', 'CARGO_PROFILE_RELEASE_LTO', 'CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER', 'CARGO_BUILD_TARGET', 'RUSTUP_TOOLCHAIN',
    'CFLAGS', 'CFLAGS_x86_64_unknown_linux_gnu', 'TARGET_CC', 'HOST_CXXFLAGS', 'PKG_CONFIG_PATH', 'SOURCE_DATE_EPOCH', 'RUSTC_BOOTSTRAP',
  ])('%s matters', (name) => {
    expect(buildVariables({ [name]: 'x' }, {})).toEqual([`${name}=x`]);
  });

  it.each(['CARGO_REGISTRY_TOKEN', 'CARGO_REGISTRIES_X_TOKEN', 'CARGO_BUILD_JOBS', 'CARGO_TERM_COLOR', 'CARGO_HOME', 'CARGO_TARGET_DIR', 'RUST_BACKTRACE', 'RUST_LOG', 'CCACHE_DIR', 'LDAP', 'ARCH'])('%s does not', (name) => {
    expect(buildVariables({ [name]: 'x' }, {})).toEqual([]);
  });
});

describe('variables that the settings name by a pattern', () => {
  it('are in, and no others', () => {
    expect(buildVariables({ APP_MODE: '1', APP_SEED: '2', OTHER: '3' }, {}, ['APP_*'])).toEqual(['APP_MODE=1', 'APP_SEED=2']);
  });
});

describe('buildConfiguration', () => {
  it('sees configuration and toolchain files in the folder and above the Nx workspace, in any order of keys', async () => {
    const root = temporaryTree({ 'ws/a/x': '', '.cargo/config.toml': '[target.x]\nlinker = "l"\nar = "a"', 'rust-toolchain': 'stable', home: '', 'ws/a/rust-toolchain': 'nightly' });
    const read = (folder: string): Promise<readonly string[]> => buildConfiguration(join(root, 'ws'), folder, join(root, 'home'));
    const before = await read('.');
    expect(before).toHaveLength(2);
    expect(await read('a')).toHaveLength(3);
    addFiles(root, { '.cargo/config.toml': '[target.x]\nar = "a"\nlinker = "l" # same' });
    expect(await read('.')).toEqual(before);
  });

  it('takes a file that it cannot parse as a whole', async () => {
    const root = temporaryTree({ 'ws/a': '', 'home/config.toml': '[half' });
    expect((await buildConfiguration(join(root, 'ws'), '.', join(root, 'home')))[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('digestTree', () => {
  it('lists files by path, passing over what builds make', () => {
    const root = temporaryTree({ 'b/c': '1', a: '2', 'out/CACHEDIR.TAG': '', 'out/x': '3', '.git/HEAD': '' });
    expect(digestTree(root).map((line) => line.split(' ')[0])).toEqual(['/a', '/b/c']);
    expect(digestTree(join(root, 'none'), 'none')).toEqual(['none is not there']);
  });

  it('follows links to files and folders, also to its own folder, and tells an empty folder', () => {
    const root = temporaryTree({ 'keys/k': '1', 'elsewhere/deep/x': '2' });
    symlinkSync('../elsewhere', join(root, 'keys/linked'));
    symlinkSync('.', join(root, 'keys/self'));
    mkdirSync(join(root, 'keys/void'));
    const lines = digestTree(join(root, 'keys'), 'keys');
    expect(lines.map((line) => line.replace(/ [0-9a-f]{64}$/, ''))).toEqual(['keys/k', 'keys/linked -> ../elsewhere', 'keys/linked/deep/x', 'keys/self -> .', 'keys/void/']);
    addFiles(root, { 'elsewhere/deep/x': '3' });
    expect(digestTree(join(root, 'keys'), 'keys')).not.toEqual(lines);
  });
});

describe('digestInput', () => {
  it.each([
    { input: 'p/*.bin', found: ['p/a.bin'] },
    { input: 'p/**/*.bin', found: ['p/a.bin', 'p/q/b.bin'] },
    { input: '../out/*.bin', found: ['../out/c.bin'] },
    { input: 'p/[x].txt', found: ['p/[x].txt'] },
    { input: 'p/*.none', found: ['p/*.none is not there'] },
  ])('reads $input', ({ input, found }) => {
    const root = temporaryTree({ 'ws/p/a.bin': '', 'ws/p/a.txt': '', 'ws/p/q/b.bin': '', 'ws/p/[x].txt': '', 'out/c.bin': '' });
    expect(digestInput(join(root, 'ws'), input, new FileDigests()).map((line) => line.replace(/ [0-9a-f]{64}$/, ''))).toEqual(found);
  });
});

describe('FileDigests', () => {
  it('reads a file again only where its stamp has changed', () => {
    const root = temporaryTree({ key: 'one' });
    const path = join(root, 'key');
    const ask = (): string | undefined => {
      const digests = new FileDigests(join(root, 'data/memory.json'));
      const digest = digests.of(path);
      digests.save();
      return digest;
    };
    const first = ask();
    // just written: nothing is remembered yet
    expect(readMemory(root)).toEqual({});
    writeFileSync(path, 'two');
    utimesSync(path, 1, 1);
    expect(ask()).not.toBe(first);
    unlinkSync(path);
    expect(ask()).toBeUndefined();
  });

  it('believes a memory whose stamp holds', () => {
    const root = temporaryTree({});
    const remembered = new FileDigests(join(root, 'm.json'));
    // a file that was left alone for long
    const digest = remembered.of('/etc/passwd');
    remembered.save();
    const memory = JSON.parse(readFileSync(join(root, 'm.json'), 'utf8')) as Record<string, [string, string]>;
    expect(memory['/etc/passwd']?.[1]).toBe(digest);
    writeFileSync(join(root, 'm.json'), JSON.stringify({ '/etc/passwd': [memory['/etc/passwd']?.[0], 'remembered'] }));
    expect(new FileDigests(join(root, 'm.json')).of('/etc/passwd')).toBe('remembered');
  });
});

function readMemory(root: string): unknown {
  return existsSync(join(root, 'data/memory.json')) ? JSON.parse(readFileSync(join(root, 'data/memory.json'), 'utf8')) : {};
}

describe('the words of a fingerprint', () => {
  it('are read as they were written, through a shell', () => {
    const parts = { paths: ['a/b', "it's $HOME/x y", 'key.bin', '../out'], libraries: ['libssl.so.3'], variables: ['APP_*'], toolchains: ['nightly-2026-01-01'] };
    const command = `node "node_modules/@package-vm/nx/dist/fingerprint.js" toolchain . ${fingerprintWords(parts).map(shellWord).join(' ')}`;
    expect(fingerprintParts([{ runtime: command }, 'x', { runtime: 'date' }])).toEqual(parts);
  });
});
