import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram, type BuildProgramOptions } from './build-program.js';
import { type CargoPackage } from './cargo-package.js';
import { findPackage } from './find-package.js';
import { StandInCargo } from './testing/stand-in-cargo.js';

let cargo: StandInCargo;
let found: CargoPackage;
beforeEach(async () => {
  cargo = new StandInCargo();
  cargo.hasPackages({ crate: ['prover', 'verifier'] });
  found = await findPackage({ path: cargo.crate, program: 'prover', env: cargo.env });
});
afterEach(() => {
  cargo.remove();
});

const build = (options: Partial<BuildProgramOptions> = {}) => buildProgram({ package: found, env: cargo.env, ...options });

// as cargo 1.95 prints them
const artifact = (name: string, executable: string | null, kind = 'bin'): string =>
  JSON.stringify({ reason: 'compiler-artifact', package_id: found.spec, target: { kind: [kind], name }, features: ['gpu', 'default'], executable, fresh: true });
const script = (...linkedPaths: string[]): string => JSON.stringify({ reason: 'build-script-executed', package_id: 'x', linked_libs: [], linked_paths: linkedPaths });
const success = (): string => {
  const program = join(found.targetDir, 'release/prover');
  cargo.answers('cargo', 'build', { stdout: `${artifact('a_library', null, 'lib')}\n${artifact('prover', program)}\n{"reason":"build-finished","success":true}\n` });
  return program;
};

describe('buildProgram', () => {
  it('finds the program and what it was built from in the messages of cargo', async () => {
    const program = success();
    expect(await build()).toMatchObject({
      programPath: program,
      buildFacts: { package: 'crate', target: 'x86_64-unknown-linux-gnu', profile: 'release', features: ['default', 'gpu'], rustc: 'rustc 1.95.0 (59807616e 2026-04-14)' },
    });
  });

  it('gives the folders that build scripts link from, then those of the crates and the toolchain', async () => {
    const program = join(found.targetDir, 'release/prover');
    cargo.answers('cargo', 'build', { stdout: [script('native=/out/a', '/out/b'), script('native=/out/a'), artifact('prover', program)].join('\n') });
    const release = join(found.targetDir, 'release');
    const { linkedPaths } = await build();
    expect(linkedPaths).toEqual(['/out/a', '/out/b', join(release, 'deps'), release, join(cargo.folder, 'sysroot/lib/rustlib/x86_64-unknown-linux-gnu/lib')]);
  });

  it.each([
    { reason: 'by default', options: {}, args: ['--release', '--locked'] },
    { reason: 'for a profile', options: { profile: 'dist' }, args: ['--profile', 'dist', '--locked'] },
    { reason: 'for a target', options: { target: 'x86_64-unknown-linux-musl' }, args: ['--target', 'x86_64-unknown-linux-musl'] },
    { reason: 'for features', options: { features: ['gpu', 'dep/fast'], noDefaultFeatures: true }, args: ['--features', 'gpu,dep/fast', '--no-default-features'] },
  ])('calls cargo in the package’s folder, $reason', async ({ options, args }) => {
    success();
    await build(options);
    const call = cargo.lastCall();
    expect(call.folder).toBe(found.folder);
    expect(call.args.join(' ')).toContain(args.join(' '));
    expect(call.args.join(' ')).toContain(`-p ${found.spec} --bin prover`);
  });

  it('names the files that flags and targets name, wherever they come from', async () => {
    success();
    for (const path of ['crate/a.ld', 'crate/b.h', 'crate/c.rsp', 'targets/x86_64-my-linux.json']) cargo.write(path, '');
    cargo.write('crate/.cargo/config.toml', '[build]\nrustflags = ["-Clink-arg=-Ta.ld"]\n[env]\nCFLAGS = "-include b.h"\n');
    const filesOf = async (options: Parameters<typeof build>[0]): Promise<readonly string[]> => (await build(options)).trace.otherFiles.map((path) => path.slice(cargo.folder.length + 1));
    expect(await filesOf({ env: { ...cargo.env, CXXFLAGS: '@c.rsp' } })).toEqual(['crate/a.ld', 'crate/c.rsp', 'crate/b.h']);
    expect(await filesOf({ target: 'x86_64-my-linux', env: { ...cargo.env, RUST_TARGET_PATH: `/none:${join(cargo.folder, 'targets')}` } })).toContain('targets/x86_64-my-linux.json');
    expect(await filesOf({ target: '../targets/x86_64-my-linux.json' })).toContain('targets/x86_64-my-linux.json');
  });

  it('builds without what an earlier build left for the next one', async () => {
    success();
    await build({ env: { ...cargo.env, CARGO_INCREMENTAL: '1' } });
    expect(cargo.lastCall().incremental).toBe('0');
  });

  it('streams what cargo says and what a macro prints', async () => {
    cargo.answers('cargo', 'build', { stderr: '   Compiling crate v0.1.0\nwarning: unused – “x”\n', stdout: `a macro\n${artifact('prover', '/p')}\n` });
    let output = '';
    await build({ onOutput: (text) => (output += text) });
    expect(output).toContain('   Compiling crate v0.1.0\nwarning: unused – “x”\n');
    expect(output).toContain('a macro\n');
    expect(output).not.toContain('compiler-artifact');
  });

  it.each([
    { reason: 'cargo’s configuration', options: {}, files: { 'crate/.cargo/config.toml': '[build]\ntarget = "x86_64-unknown-linux-musl"' }, env: {} },
    { reason: 'the environment', options: {}, files: { 'crate/.cargo/config.toml': '[build]\ntarget = "no-such"' }, env: { CARGO_BUILD_TARGET: 'x86_64-unknown-linux-musl' } },
    { reason: '`--config`', options: { cargoCommand: ['cargo', '--config', 'build.target="x86_64-unknown-linux-musl"'] }, files: {}, env: { CARGO_BUILD_TARGET: 'no-such' } },
    { reason: 'zigbuild, with a version of glibc,', options: { target: 'x86_64-unknown-linux-musl.1.2.3', cargoCommand: ['cargo', 'zigbuild'] }, files: {}, env: {} },
  ])('knows the target that $reason chooses', async ({ options, files, env }) => {
    success();
    cargo.answers('cargo', '--config', { stdout: artifact('prover', '/p') });
    cargo.answers('cargo', 'zigbuild', { stdout: artifact('prover', '/p') });
    for (const [path, text] of Object.entries(files)) cargo.write(path, text);
    expect((await build({ ...options, env: { ...cargo.env, ...env } })).buildFacts.target).toBe('x86_64-unknown-linux-musl');
  });

  describe('calls another command', () => {
    it.each([
      { reason: 'a subcommand', cargoCommand: ['cargo', 'zigbuild'], tool: 'cargo', first: 'zigbuild', args: ['zigbuild', '--release', '--locked'] },
      { reason: 'cross', cargoCommand: ['cross'], tool: 'cross', first: 'build', args: ['build', '--release', '--locked'] },
      { reason: 'a wrapper script, from the package’s folder', cargoCommand: ['../bin/wrap.sh', '--fast'], tool: 'wrap.sh', first: '--fast', args: ['--fast', 'build', '--release'] },
    ])('$reason', async ({ cargoCommand, tool, first, args }) => {
      cargo.answers(tool, first, { stdout: artifact('prover', '/p') });
      await build({ cargoCommand });
      expect(cargo.lastCall().args.slice(0, args.length)).toEqual(args);
      expect(cargo.lastCall().folder).toBe(found.folder);
    });

    it('and says which one is missing', async () => {
      await expect(build({ cargoCommand: ['no-such-cargo'] })).rejects.toMatchObject({ code: 'PVM_MISSING_TOOL', message: expect.stringContaining('no-such-cargo') as unknown });
    });

    it('and finds in the target folder what a container has in `/target`', async () => {
      const program = cargo.write('target/x86_64-unknown-linux-musl/release/prover', '');
      cargo.answers('cross', 'build', { stdout: artifact('prover', '/target/x86_64-unknown-linux-musl/release/prover') });
      expect((await build({ cargoCommand: ['cross'] })).programPath).toBe(program);
    });
  });

  describe('on macOS with ARM', () => {
    beforeEach(() => {
      cargo.answers('rustc', '-vV', { stdout: 'rustc 1.95.0 (59807616e 2026-04-14)\ncommit-hash: 59807616e\nhost: aarch64-apple-darwin\n' });
      cargo.answers('cargo', 'zigbuild', { stdout: artifact('prover', '/p') });
    });

    it('builds for Linux through another linker, with the flags of that target', async () => {
      cargo.write('crate/.cargo/config.toml', '[target.aarch64-apple-darwin]\nrustflags = ["no"]\n[target.x86_64-unknown-linux-musl]\nrustflags = ["--cfg", "musl"]\n');
      const { buildFacts, linkedPaths } = await build({ target: 'x86_64-unknown-linux-musl', cargoCommand: ['cargo', 'zigbuild'] });
      expect(cargo.lastCall().args.join(' ')).toContain('--bin prover --target x86_64-unknown-linux-musl');
      expect(cargo.lastCall().flags.slice(0, 2)).toEqual(['--cfg', 'musl']);
      expect(buildFacts.target).toBe('x86_64-unknown-linux-musl');
      expect(linkedPaths.at(-1)).toBe(join(cargo.folder, 'sysroot/lib/rustlib/x86_64-unknown-linux-musl/lib'));
    });

    it('refuses at once to build what no image runs', async () => {
      await expect(build()).rejects.toMatchObject({ code: 'PVM_WRONG_TARGET', message: 'cargo would build for `aarch64-apple-darwin`, and an image runs programs for x86_64 Linux', hint: expect.stringContaining('zigbuild') as unknown });
    });
  });

  describe('refuses to build for the CPU of this machine alone', () => {
    it.each([
      { reason: 'in RUSTFLAGS', env: { RUSTFLAGS: '-C target-cpu=native' }, config: '', origin: 'RUSTFLAGS' },
      { reason: 'in one word', env: { RUSTFLAGS: '-Ctarget-cpu=native' }, config: '', origin: 'RUSTFLAGS' },
      { reason: 'in the long form', env: { CARGO_ENCODED_RUSTFLAGS: '--codegen=target-cpu=native' }, config: '', origin: 'CARGO_ENCODED_RUSTFLAGS' },
      { reason: 'in cargo’s configuration', env: {}, config: '[build]\nrustflags = ["-C", "target-cpu=native"]', origin: 'build.rustflags' },
      { reason: 'for a target', env: {}, config: '[target."cfg(unix)"]\nrustflags = "-C target-cpu=native"', origin: 'target.*.rustflags' },
      { reason: 'in C', env: { CFLAGS_x86_64_unknown_linux_gnu: '-O2 -march=native' }, config: '', origin: 'CFLAGS_x86_64_unknown_linux_gnu' },
      { reason: 'in C, behind the compiler', env: { CC: 'gcc -march=native' }, config: '', origin: 'CC' },
      { reason: 'in C, by cargo’s configuration', env: {}, config: '[env]\nCXXFLAGS = { value = "-O2 -mcpu=native", force = true }', origin: 'env.CXXFLAGS' },
      { reason: 'in CUDA', env: { NVCC_APPEND_FLAGS: '-arch=native' }, config: '', origin: 'NVCC_APPEND_FLAGS' },
    ])('$reason', async ({ env, config, origin }) => {
      success();
      cargo.write('crate/.cargo/config.toml', config);
      const refused = build({ env: { ...cargo.env, ...env } });
      await expect(refused).rejects.toMatchObject({ code: 'PVM_NATIVE_CPU', message: expect.stringContaining(`in \`${origin}\`: the program would hold instructions of the CPU it is built on`) as unknown });
    });

    it('and no other', async () => {
      success();
      await expect(build({ env: { ...cargo.env, RUSTFLAGS: '-C target-cpu=x86-64-v3', CFLAGS: '-march=x86-64-v3' } })).resolves.toBeDefined();
    });
  });

  describe('fails', () => {
    it.each([
      {
        reason: 'for source that does not compile',
        stderr: 'error[E0308]: mismatched types\n --> src/main.rs:1:24\nerror: could not compile `crate` (bin "prover") due to 1 previous error\n',
        failure: { code: 'PVM_COMPILE_FAILED', message: 'cargo could not compile `prover` of the package `crate`', hint: undefined },
      },
      {
        reason: 'for a build script that fails',
        stderr: 'error: failed to run custom build command for `crate v0.1.0 (/x)`\n',
        failure: { code: 'PVM_COMPILE_FAILED' },
      },
      {
        reason: 'for a target that is not installed',
        stderr: 'error[E0463]: can\'t find crate for `std`\n  = note: the `x86_64-unknown-linux-musl` target may not be installed\nerror: could not compile `crate` (bin "prover") due to 1 previous error\n',
        failure: { code: 'PVM_COMPILE_FAILED', hint: 'Install the target with `rustup target add x86_64-unknown-linux-musl`.' },
      },
      {
        reason: 'without a linker',
        stderr: 'error: linker `cc` not found\n  |\n  = note: No such file or directory (os error 2)\nerror: could not compile `crate` (bin "prover") due to 1 previous error\n',
        failure: { code: 'PVM_COMPILE_FAILED', hint: 'Install the linker `cc`, e.g. with `apt-get install gcc`.' },
      },
      {
        reason: 'for a lock file that is out of date',
        stderr: 'error: cannot update the lock file /x/Cargo.lock because --locked was passed to prevent this\n',
        failure: { code: 'PVM_CARGO_LOCK', message: expect.stringContaining('Cargo.lock` is out of date') as unknown, hint: expect.stringContaining('cargo update --workspace') as unknown },
      },
      {
        reason: 'for a lock file that is out of date, in the words of cargo before 1.90',
        stderr: 'error: the lock file /x/Cargo.lock needs to be updated but --locked was passed to prevent this\n',
        failure: { code: 'PVM_CARGO_LOCK' },
      },
      {
        reason: 'for anything else, in cargo’s words',
        stderr: 'error: target `prover` in package `crate` requires the features: `gpu`\n',
        failure: { code: 'PVM_CARGO_FAILED', message: expect.stringContaining('ended with exit code 101:\nerror: target `prover` in package `crate` requires') as unknown },
      },
    ])('$reason', async ({ stderr, failure }) => {
      cargo.answers('cargo', 'build', { stderr, exitCode: 101 });
      let output = '';
      await expect(build({ onOutput: (text) => (output += text) })).rejects.toMatchObject(failure);
      expect(output).toBe(stderr);
    });

    it('for a lock file that is missing', async () => {
      rmSync(join(cargo.crate, 'Cargo.lock'));
      cargo.answers('cargo', 'build', { exitCode: 101, stderr: 'error: cannot create the lock file /x/Cargo.lock because --locked was passed to prevent this\n' });
      await expect(build()).rejects.toMatchObject({ code: 'PVM_CARGO_LOCK', message: expect.stringContaining('is missing') as unknown, hint: expect.stringContaining('cargo generate-lockfile') as unknown });
    });

    it('when cargo builds for several targets at once', async () => {
      cargo.answers('cargo', 'build', { stdout: `${artifact('prover', '/a/prover')}\n${artifact('prover', '/b/prover')}\n` });
      await expect(build()).rejects.toMatchObject({ code: 'PVM_CARGO_FAILED', message: 'cargo built `prover` for 2 targets, expected one' });
    });

    it('when cargo names no program', async () => {
      cargo.answers('cargo', 'build', { stdout: '{"reason":"build-finished"\n' });
      await expect(build()).rejects.toMatchObject({ code: 'PVM_CARGO_FAILED' });
    });

    it('when it is cancelled', async () => {
      await expect(build({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
    });
  });

  describe('compiler flags', () => {
    const remaps = (): readonly string[] => [
      `--remap-path-prefix=${found.workspaceRoot}=/src`,
      `--remap-path-prefix=${found.targetDir}=/target`,
      `--remap-path-prefix=${cargo.cargoHome}=/cargo`,
      `--remap-path-prefix=${join(cargo.folder, 'sysroot')}=/rustc-sysroot`,
      `--remap-path-prefix=${join(cargo.folder, 'sysroot/lib/rustlib/src/rust')}=/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860`,
    ];

    it.each([
      { reason: 'CARGO_ENCODED_RUSTFLAGS', env: { CARGO_ENCODED_RUSTFLAGS: '--cfg\x1fa b', RUSTFLAGS: '--cfg no' }, files: {}, flags: ['--cfg', 'a b'] },
      { reason: 'RUSTFLAGS', env: { RUSTFLAGS: ' -C  target-cpu=x86-64-v3 ' }, files: { 'crate/.cargo/config.toml': '[build]\nrustflags = ["no"]' }, flags: ['-C', 'target-cpu=x86-64-v3'] },
      { reason: 'an empty RUSTFLAGS', env: { RUSTFLAGS: '' }, files: { 'crate/.cargo/config.toml': '[build]\nrustflags = ["no"]' }, flags: [] },
      {
        reason: 'target.*.rustflags, joined',
        env: { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS: '--cfg variable' },
        files: {
          'crate/.cargo/config.toml':
            '[build]\nrustflags = ["no"]\n[target.x86_64-unknown-linux-gnu]\nrustflags = ["--cfg", "triple"]\n' +
            '[target."cfg(unix)"]\nrustflags = "--cfg unix"\n[target."cfg(all(target_os = \\"linux\\", not(windows)))"]\nrustflags = ["--cfg", "linux"]\n[target."cfg(windows)"]\nrustflags = ["no"]',
        },
        flags: ['--cfg', 'triple', '--cfg', 'variable', '--cfg', 'linux', '--cfg', 'unix'],
      },
      {
        reason: 'build.rustflags, the nearest file last',
        env: { CARGO_BUILD_RUSTFLAGS: '--cfg variable' },
        files: {
          'cargo-home/config.toml': '[build]\nrustflags = ["home"]',
          '.cargo/config.toml': 'include = ["more.toml"]\n[build]\nrustflags = ["outer"]',
          '.cargo/more.toml': '[build]\nrustflags = ["included"]',
          'crate/.cargo/config': '[build]\nrustflags = ["inner"]',
          'crate/.cargo/config.toml': '[build]\nrustflags = ["no"]',
        },
        flags: ['home', 'included', 'outer', 'inner', '--cfg', 'variable'],
      },
      {
        reason: '`--config`, behind those of files and variables',
        env: { CARGO_BUILD_RUSTFLAGS: '--cfg variable' },
        files: { 'crate/.cargo/config.toml': '[build]\nrustflags = ["file"]', 'crate/more.toml': '[build]\nrustflags = ["of file"]' },
        cargoCommand: ['cargo', '--config', 'build.rustflags = ["a", "b"]', '--config=more.toml'],
        flags: ['file', '--cfg', 'variable', 'a', 'b', 'of file'],
      },
    ])('keeps those of $reason and adds its own', async ({ env, files, flags, cargoCommand }) => {
      success();
      cargo.answers('cargo', '--config', { stdout: artifact('prover', '/p') });
      for (const [path, text] of Object.entries(files)) cargo.write(path, text);
      await build({ cargoCommand, env: { ...cargo.env, ...env } });
      expect(cargo.lastCall().flags.filter((flag) => !flag.startsWith('--remap'))).toEqual(flags);
      expect([...cargo.lastCall().flags.slice(flags.length)].sort()).toEqual([...remaps()].sort());
    });

    it('refuses a configuration file that it cannot read', async () => {
      success();
      cargo.write('crate/.cargo/config.toml', '[build\n');
      await expect(build()).rejects.toMatchObject({ code: 'PVM_CARGO_FAILED', message: expect.stringContaining('.cargo/config.toml') as unknown });
    });

    it('refuses a configuration file that includes itself', async () => {
      success();
      cargo.write('crate/.cargo/config.toml', 'include = "config.toml"');
      await expect(build()).rejects.toMatchObject({ code: 'PVM_CARGO_FAILED', message: expect.stringContaining('levels deep') as unknown });
    });
  });
});
