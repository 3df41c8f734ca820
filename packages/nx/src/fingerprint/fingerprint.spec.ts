import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { buildConfiguration } from './cargo-configuration.js';
import { digestInput, digestTree, isDigested } from './digests.js';
import { FileDigests } from './file-digests.js';
import { fingerprintParts, fingerprintWords, shellWord } from '../plugin/fingerprint-words.js';
import { hostLibrariesFor } from './host-libraries.js';
import { toolchainFingerprint } from './toolchain.js';
import { buildVariables } from './variables.js';

afterAll(removeTrees);

/** A machine whose compiler answers `version`. */
function fakeHome(version: string, files: Readonly<Record<string, string>> = {}): { root: string; env: Record<string, string> } {
  const answers = { rustc: version, cargo: 'cargo 1', cc: 'cc 1', 'c++': 'c++ 1' };
  const programs = Object.entries(answers).map(([name, answer]) => [name, `#!/bin/sh\necho ${answer}\n`]);
  const root = temporaryTree({ ...(Object.fromEntries(programs) as Record<string, string>), 'ws/Cargo.toml': '', ...files });
  for (const name of Object.keys(answers)) chmodSync(join(root, name), 0o755);
  return { root, env: { PATH: `${root}:${process.env.PATH ?? ''}`, CARGO_HOME: join(root, 'cargo-home'), RUSTUP_HOME: join(root, 'rustup') } };
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
    addFiles(home.root, { 'cargo-home/config.toml': '[build]\nrustflags = ["-g"]' });
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
    const home = fakeHome('rustc 1', { 'cargo-home/config.toml': '[net]\noffline = true\n[build]\njobs = 3\n[registries.x]\ntoken = "t"' });
    const before = await fingerprint(home);
    addFiles(home.root, { 'cargo-home/config.toml': '[net]\noffline = false\n[build]\njobs = 4\n[registries.x]\ntoken = "u"' });
    expect(await fingerprint(home, { CARGO_REGISTRY_TOKEN: 's', CARGO_BUILD_JOBS: '2', CARGO_TERM_COLOR: 'always', RUST_LOG: 'debug', RUSTC_WRAPPER: '/usr/bin/sccache' })).toBe(before);
  });

  it('asks the toolchain that a command names', async () => {
    const home = fakeHome('rustc ${RUSTUP_TOOLCHAIN:-1}');
    const digests = await Promise.all(['nightly', 'beta', 'beta'].map((name) => fingerprint(home, {}, [`cargo:["cargo","+${name}"]`])));
    expect(new Set([await fingerprint(home), ...digests]).size).toBe(3);
  });

  // each is a tool of the machine that decides what is built, and what names it
  it.each<{ reason: string; tool: string; env?: Record<string, string>; files?: Record<string, string>; words?: string[] }>([
    { reason: 'cargo', tool: 'cargo' },
    { reason: 'the C compiler', tool: 'cc' },
    { reason: 'the C++ compiler', tool: 'c++' },
    { reason: 'the linker of the C compiler', tool: 'ld', files: { cc: '#!/bin/sh\necho ld\n' } },
    { reason: 'a compiler in CC', tool: 'my-cc', env: { CC: 'my-cc -m64' } },
    { reason: 'a linker in a variable', tool: 'my-ld', env: { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER: 'ROOT/my-ld' } },
    { reason: 'a linker in the configuration', tool: 'ws/tools/my-ld', files: { 'ws/.cargo/config.toml': '[target.x86_64-unknown-linux-gnu]\nlinker = "tools/my-ld"' } },
    { reason: 'a linker in flags', tool: 'ld.my', env: { RUSTFLAGS: '-Clink-arg=-fuse-ld=my' } },
    { reason: 'a linker in configured flags', tool: 'my-ld', files: { 'ws/.cargo/config.toml': '[build]\nrustflags = ["-C", "linker=my-ld"]' } },
    { reason: 'a wrapper in a variable', tool: 'wrap', env: { RUSTC_WRAPPER: 'ROOT/wrap' } },
    { reason: 'a wrapper in the configuration', tool: 'ws/wrap', files: { 'ws/.cargo/config.toml': '[build]\nrustc-wrapper = "./wrap"' } },
    { reason: 'a compiler in a variable', tool: 'my-rustc', env: { CARGO_BUILD_RUSTC: 'ROOT/my-rustc' } },
    { reason: 'a compiler in the configuration', tool: 'ws/my-rustc', files: { 'ws/.cargo/config.toml': '[build]\nrustc = "./my-rustc"' } },
    { reason: 'a compiler in `--config`', tool: 'my-rustc', words: ['cargo:["cargo","--config","build.rustc=\'my-rustc\'"]'] },
  ])('changes with $reason, and back', async ({ reason, tool, env = {}, files = {}, words = [] }) => {
    const home = fakeHome('rustc 1', files);
    const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace('ROOT', home.root)]));
    const ask = async (version: string): Promise<string> => {
      addFiles(home.root, { [tool]: `#!/bin/sh\necho ${reason} ${version}\n` });
      chmodSync(join(home.root, tool), 0o755);
      return fingerprint(home, given, words);
    };
    const [first, second, again] = [await ask('1'), await ask('2'), await ask('1')];
    expect([first === second, again === first]).toEqual([false, true]);
  });

  it('knows a variable that is empty from one that is not set', async () => {
    const home = fakeHome('rustc 1');
    const digests = [await fingerprint(home, {}, ['env:SEED']), await fingerprint(home, { SEED: '' }, ['env:SEED']), await fingerprint(home, { SEED: '1' }, ['env:SEED'])];
    expect(new Set(digests).size).toBe(3);
  });

  it('goes by what a toolchain is, not by its name', async () => {
    const home = fakeHome('rustc 1');
    expect(await fingerprint(home, { RUSTUP_TOOLCHAIN: 'stable', CARGO_INCREMENTAL: '0' })).toBe(await fingerprint(home));
  });

  it('has no library of this machine for a target that needs none', async () => {
    expect([hostLibrariesFor(['x86_64-unknown-linux-musl']), hostLibrariesFor(['x86_64-unknown-linux-musl', 'x86_64-unknown-linux-gnu']).length, hostLibrariesFor([]).length]).toEqual([[], 10, 10]);
    const home = fakeHome('rustc 1');
    expect(await fingerprint(home, {}, ['target:x86_64-unknown-linux-musl'])).not.toBe(await fingerprint(home));
  });

  it('sees a choice of toolchain that nobody told the daemon of', async () => {
    const memory = JSON.stringify({ inference: { observed: { toolchains: [['a', false], ['.', false]] } } });
    const home = fakeHome('rustc 1', { 'ws/.nx/workspace-data/package-vm-projects.json': memory, 'ws/a/x': '' });
    const before = await fingerprint(home);
    addFiles(home.root, { 'ws/a/rust-toolchain.toml': '[toolchain]\nchannel = "nightly"' });
    expect(await fingerprint(home)).not.toBe(before);
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
    'RUSTFLAGS', 'CARGO_ENCODED_RUSTFLAGS', 'CARGO_PROFILE_RELEASE_LTO', 'CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER', 'CARGO_BUILD_TARGET',
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
    { reason: 'an alias that nobody uses', before: '', after: '[alias]\nmine = "build"' },
    { reason: 'a token', before: '[registries.x]\ntoken = "t"', after: '[registries.x]\ntoken = "u"' },
  ])('is the same after a change of $reason', async ({ before, after }) => {
    expect(await configured({ 'home/config.toml': after })).toBe(await configured({ 'home/config.toml': before }));
  });

  it.each([
    { reason: 'a file that another includes', before: { 'home/config.toml': 'include = ["more.toml"]' }, after: { 'home/config.toml': 'include = ["more.toml"]', 'home/more.toml': '[build]\nrustflags = ["-g"]' } },
    { reason: 'a variable named like something else', before: { 'home/config.toml': '[env]\njobs = "1"' }, after: { 'home/config.toml': '[env]\njobs = "2"' } },
    { reason: 'an alias in use', before: { 'home/config.toml': '[alias]\nmine = "build"' }, after: { 'home/config.toml': '[alias]\nmine = "build --features x"' } },
    { reason: 'a wrapper that makes something else', before: {}, after: { 'home/config.toml': '[build]\nrustc-wrapper = "./other"' } },
  ])('is another after a change of $reason', async ({ before, after }) => {
    expect(await configured(after, ['mine'])).not.toBe(await configured(before, ['mine']));
  });
});

describe('digestTree', () => {
  it('lists files by path, passing over what builds make', () => {
    const root = temporaryTree({ 'b/c': '1', a: '2', 'out/CACHEDIR.TAG': 'created by cargo', 'out/x': '3', '.git/HEAD': '', 'cached/CACHEDIR.TAG': '' });
    expect(digestTree(root).map((line) => line.split(' ')[0])).toEqual(['/a', '/b/c', '/cached/CACHEDIR.TAG']);
    expect(digestTree(join(root, 'none'), { prefix: 'none' })).toEqual(['none is not there']);
  });

  it('follows links to files and folders, also to its own folder, and tells an empty folder', () => {
    const root = temporaryTree({ 'keys/k': '1', 'elsewhere/deep/x': '2' });
    symlinkSync('../elsewhere', join(root, 'keys/linked'));
    symlinkSync('.', join(root, 'keys/self'));
    mkdirSync(join(root, 'keys/void'));
    const lines = digestTree(join(root, 'keys'), { prefix: 'keys' });
    expect(lines.map((line) => line.replace(/ [0-9a-f]{64}$/, ''))).toEqual(['keys/k', 'keys/linked -> ../elsewhere', 'keys/linked/deep/x', 'keys/self -> .', 'keys/void/']);
    addFiles(root, { 'elsewhere/deep/x': '3' });
    expect(digestTree(join(root, 'keys'), { prefix: 'keys' })).not.toEqual(lines);
  });
});

describe('digestInput', () => {
  it('is the same in another clone where a link leads absolutely into the Nx workspace', () => {
    const [first, second] = [0, 1].map(() => {
      const root = temporaryTree({ 'keys/deep/k': '1', 'elsewhere/x': '2' });
      symlinkSync(join(root, 'elsewhere'), join(root, 'keys/deep/linked'));
      return digestInput(root, 'keys', new FileDigests());
    });
    expect(second).toEqual(first);
  });

  it.each([
    { input: 'keys', path: 'keys/a/k.bin', is: true },
    { input: 'keys/*/*.bin', path: 'keys/a/k.bin', is: true },
    { input: 'keys/*.bin', path: 'keys/a/k.bin', is: false },
    { input: 'keys', path: 'keys/node_modules/x/k.bin', is: false },
    { input: 'keys/**/*', path: 'keys/guest/target/release/k.bin', is: false },
    { input: 'keys/guest/target', path: 'keys/guest/target/release/k.bin', is: true },
    { input: 'keys/guest/target/release/k.bin', path: 'keys/guest/target/release/k.bin', is: true },
    { input: 'linked', path: 'elsewhere/k.bin', is: true },
    { input: 'keys', path: 'keyserver/k.bin', is: false },
  ])('of $input holds $path: $is, and isDigested says so', ({ input, path, is }) => {
    const root = temporaryTree({ [path]: 'before', 'keys/guest/target/CACHEDIR.TAG': 'created by cargo', 'elsewhere/x': '' });
    symlinkSync('elsewhere', join(root, 'linked'));
    const before = digestInput(root, input, new FileDigests());
    addFiles(root, { [path]: 'after' });
    expect(JSON.stringify(digestInput(root, input, new FileDigests())) !== JSON.stringify(before)).toBe(is);
    expect(isDigested(root, input, join(root, path))).toBe(is);
  });

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
    const parts = { paths: ['a/b', "it's $HOME/x y", 'key.bin', '../out'], libraries: ['libssl.so.3'], variables: ['APP_*'], cargoCommands: [['cargo', '+nightly', '--config', 'a="it\'s"']], targets: ['x86_64-unknown-linux-musl'] };
    const command = `node "node_modules/@package-vm/nx/dist/fingerprint.js" toolchain . ${fingerprintWords(parts).map(shellWord).join(' ')}`;
    expect(fingerprintParts([{ runtime: command }, 'x', { runtime: 'date' }])).toEqual(parts);
  });
});
