import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { hostLibrariesFor } from './host-libraries.js';
import { toolchainFingerprint } from './toolchain.js';

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
    { reason: 'a compiler in CC behind a cache', tool: 'my-cc', env: { CC: 'ccache my-cc' } },
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
