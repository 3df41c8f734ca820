import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crate, manifest, settings } from './crate-files.js';
import { describeWith } from './needs.js';
import { NxWorkspace } from './nx-workspace.js';

/** What the machine gives to a build, through Nx: one thing is changed, and looked at are hit or miss, or the refusal. Needs cargo, cc, and an assembler. */

const locked = (names: readonly string[]): string => `version = 4\n${names.map((name) => `\n[[package]]\nname = "${name}"\nversion = "0.1.0"\n`).join('')}`;

const FILES = {
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app", "linked", "musl", "silent"]\n',
  'Cargo.lock': locked(['app', 'linked', 'musl', 'silent']),
  'app/Cargo.toml': crate('app', settings('inputs = [{ env = "SEED" }, "empty"]')),
  'app/src/main.rs': 'fn main() {\n    println!("{:?}", option_env!("SEED"));\n}\n',
  'app/vm.json': manifest('app'),
  'app/tests/all.rs': '#[test]\nfn one() {}\n',
  'linked/Cargo.toml': crate('linked'),
  'linked/src/main.rs': 'extern "C" { fn three() -> i32; }\nfn main() {\n    println!("{}", unsafe { three() });\n}\n',
  'linked/build.rs': 'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n    println!("cargo:rustc-link-search=native=opt");\n    println!("cargo:rustc-link-lib=static=three");\n}\n',
  'linked/vm.json': manifest('linked'),
  'musl/Cargo.toml': crate('musl', settings('target = "x86_64-unknown-linux-musl"')),
  'musl/src/main.rs': 'fn main() {}\n',
  'musl/vm.json': manifest('musl'),
  // its build script tells cargo nothing of what it reads
  'silent/Cargo.toml': crate('silent', settings('inputs = ["../headers"]')),
  'silent/src/main.rs': 'fn main() {\n    println!("{} one", env!("HEADER"));\n}\n',
  'silent/build.rs': 'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n    println!("cargo:rustc-env=HEADER={}", std::fs::read_to_string("../headers/a.h").unwrap());\n}\n',
  'silent/vm.json': manifest('silent'),
  'headers/a.h': 'first',
};

describeWith(['cargo', 'cc', 'as'], 'the key of a build', () => {
  let workspace: NxWorkspace;
  let machine: string;
  const machineFile = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(machine, path)), { recursive: true });
    writeFileSync(join(machine, path), text);
    chmodSync(join(machine, path), mode);
  };
  const env = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    // its binaries come before the machine's own
    PATH: `${join(machine, 'bin')}:${join(workspace.root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    CARGO_HOME: join(machine, 'cargo'),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
    RUSTUP_AUTO_INSTALL: '0',
    ...more,
  });
  const build = (more: Readonly<Record<string, string>> = {}): string => {
    const run = workspace.nx('run app:cargo-build', env(more));
    return run.failure === '' ? run.task('app:cargo-build') : run.output;
  };

  beforeAll(() => {
    machine = mkdtempSync(join(tmpdir(), 'package-vm-machine-'));
    workspace = new NxWorkspace();
    workspace.prepare(FILES);
    workspace.write({ '.gitignore': `${workspace.read('.gitignore')}rust-toolchain.toml\n/opt\n` });
    mkdirSync(join(workspace.root, 'app/empty'));
    machineFile('bin/cc', `#!/bin/sh\nexec /usr/bin/cc "$@"\n`, 0o755);
    machineFile('wrap.sh', '#!/bin/sh\nexec "$@"\n', 0o755);
    machineFile('cargo/config.toml', 'include = ["more.toml"]\n');
    machineFile('cargo/more.toml', '');
  });
  afterAll(() => {
    workspace.remove();
    rmSync(machine, { recursive: true });
  });

  it('points out a folder among the inputs that another clone will not have', () => {
    const run = workspace.nx('run app:cargo-build', env());
    expect([run.failure, run.output]).toEqual(['', expect.stringContaining('warning empty-folder: `app/empty` is empty')]);
    expect(build()).toBe('hit');
  });

  it.each<{ reason: string; path?: string; text?: string; env?: Record<string, string> }>([
    { reason: 'the linker', path: 'bin/cc', text: '#!/bin/sh\n# another\nexec /usr/bin/cc "$@"\n' },
    { reason: 'a file that cargo’s own configuration includes', path: 'cargo/more.toml', text: '[profile.release]\ndebug = 1\n' },
    { reason: 'a variable from not set to empty', env: { SEED: '' } },
    { reason: 'a compiler in CC', env: { CC: 'gcc -O1' } },
  ])('has another value after a change of $reason, and the former when it is taken back', ({ path, text = '', env: more }) => {
    const before = path === undefined ? '' : readFileSync(join(machine, path), 'utf8');
    if (path !== undefined) machineFile(path, text, 0o755);
    expect(build(more)).toBe('miss');
    if (path !== undefined) machineFile(path, before, 0o755);
    expect(build()).toBe('hit');
  });

  it('has another value after a change within a wrapper of the compiler, whose path stays', () => {
    const wrapped = { RUSTC_WRAPPER: join(machine, 'wrap.sh') };
    expect([build(wrapped), build(wrapped)]).toEqual(['miss', 'hit']);
    machineFile('wrap.sh', '#!/bin/sh\n# another\nexec "$@"\n', 0o755);
    expect(build(wrapped)).toBe('miss');
  });

  it.each<{ reason: string; path?: string; text?: string; env?: Record<string, string> }>([
    { reason: 'a test of the crate', path: 'app/tests/all.rs', text: '#[test]\nfn other() {}\n' },
    { reason: 'secrets that are named like a compiler', env: { CC_TOKEN: 'secret', CC_TEST_REPORTER_ID: 'secret' } },
    { reason: 'whether builds are incremental, which ours never are', env: { CARGO_INCREMENTAL: '0' } },
    { reason: 'the name of the toolchain alone', env: { RUSTUP_TOOLCHAIN: spawnSync('rustup', ['show', 'active-toolchain'], { encoding: 'utf8' }).stdout.split(' ')[0] ?? '' } },
    { reason: 'the target folder', env: { CARGO_TARGET_DIR: 'elsewhere' } },
  ])('stays after a change of $reason', ({ path, text = '', env: more }) => {
    const before = path === undefined ? '' : workspace.read(path);
    if (path !== undefined) workspace.write({ [path]: text });
    expect(build(more)).toBe('hit');
    if (path !== undefined) workspace.write({ [path]: before });
  });

  it('stands for the same bytes in another target folder', () => {
    const made = workspace.digests('dist/package-vm/app');
    const elsewhere = join(machine, 'target');
    expect(workspace.nx('run app:cargo-build --skip-nx-cache', env({ CARGO_TARGET_DIR: elsewhere })).failure).toBe('');
    expect([existsSync(join(elsewhere, 'release/app')), workspace.digests('dist/package-vm/app')]).toEqual([true, made]);
  });

  it('is no key for a build that links what nobody declared; declared, another library is a miss', () => {
    const library = (value: number): void => {
      mkdirSync(join(workspace.root, 'opt'), { recursive: true });
      writeFileSync(join(machine, 'three.c'), `int three(void) { return ${value}; }\n`);
      for (const [tool, ...args] of [['cc', '-c', '-o', join(machine, 'three.o'), join(machine, 'three.c')], ['ar', 'rcsD', join(workspace.root, 'opt/libthree.a'), join(machine, 'three.o')]] as const) spawnSync(tool, args);
    };
    library(3);
    const refused = workspace.nx('run linked:cargo-build', env());
    expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('The build reads `opt/libthree.a`, which is not among its inputs') as unknown });
    workspace.write({ 'linked/Cargo.toml': crate('linked', settings(/^inputs = .*$/m.exec(refused.output)?.[0] ?? '')) });
    const task = (): string => workspace.nx('run linked:cargo-build', env()).task('linked:cargo-build');
    expect([task(), task()]).toEqual(['miss', 'hit']);
    library(4);
    expect(task()).toBe('miss');
  });

  it('is never that of an older program, where cargo would take the old one for built', () => {
    const program = join(workspace.root, 'dist/package-vm/silent/silent/bundle/program');
    const made = (): readonly string[] => [workspace.nx('run silent:cargo-build', env()).task('silent:cargo-build'), spawnSync(program, { encoding: 'utf8' }).stdout];
    expect(made()).toEqual(['miss', 'first one\n']);
    workspace.write({ 'headers/a.h': 'second' });
    expect(made()).toEqual(['miss', 'second one\n']);
    // as `git restore-mtime`, `cp -p` and `tar` leave it
    workspace.write({ 'silent/src/main.rs': FILES['silent/src/main.rs'].replace('one', 'two') });
    utimesSync(join(workspace.root, 'silent/src/main.rs'), 1, 1);
    expect(made()).toEqual(['miss', 'second two\n']);
    const linked = readFileSync(program);
    try {
      machineFile('bin/cc', '#!/bin/sh\nexec /usr/bin/cc "$@" -Wl,--hash-style=sysv\n', 0o755);
      expect(made()).toEqual(['miss', 'second two\n']);
      expect(readFileSync(program).equals(linked)).toBe(false);
    } finally {
      machineFile('bin/cc', `#!/bin/sh\nexec /usr/bin/cc "$@"\n`, 0o755);
    }
  });

  it('is no key for a build that reads a file of the target folder that it did not make', () => {
    workspace.write({ 'target/keys/k.txt': 'key', 'app/src/main.rs': 'fn main() {\n    println!("{} {:?}", include_str!("../../target/keys/k.txt"), option_env!("SEED"));\n}\n' });
    expect(build()).toContain('The build reads `target/keys/k.txt`, which is not among its inputs');
    workspace.write({ 'app/src/main.rs': FILES['app/src/main.rs'] });
    expect(build()).toBe('hit');
  });

  const canMount = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;
  const libutil = ['/lib/x86_64-linux-gnu/libutil.so.1', '/lib64/libutil.so.1'].find((path) => existsSync(path));
  (canMount && libutil !== undefined ? it : it.skip)('holds the libraries of this machine, but for a static target (needs user namespaces, glibc)', () => {
    const fingerprint = 'node node_modules/@package-vm/nx/dist/fingerprint.js toolchain .';
    const onAnother = (...words: readonly string[]): string => {
      copyFileSync(libutil ?? '', join(machine, 'libutil.so.1'));
      writeFileSync(join(machine, 'libutil.so.1'), ' ', { flag: 'a' });
      const script = `mount --bind ${join(machine, 'libutil.so.1')} ${libutil ?? ''} && ${[fingerprint, ...words].join(' ')}`;
      return workspace.run('unshare', ['--map-root-user', '--mount', 'sh', '-c', script], env()).output;
    };
    const here = (...words: readonly string[]): string => workspace.run('sh', ['-c', [fingerprint, ...words].join(' ')], env()).output;
    const musl = 'target:x86_64-unknown-linux-musl';
    expect([here(), here(musl), onAnother(musl)]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/m), here(musl), here(musl)]);
    expect(onAnother()).not.toBe(here());
    expect(workspace.nx('show target inputs musl:cargo-build', env()).output).toContain(musl);
  });

  it('sees a choice of toolchain that git ignores, with the daemon too', () => {
    const daemon = { NX_DAEMON: 'true', CI: '' };
    const version = spawnSync('rustc', ['-vV'], { encoding: 'utf8' }).stdout.split('\n')[0]?.split(' ')[1] ?? '';
    try {
      expect([build(daemon), build(daemon)]).toEqual(['hit', 'hit']);
      workspace.write({ 'app/rust-toolchain.toml': `[toolchain]\nchannel = "${version}"\n` });
      expect(build(daemon)).not.toBe('hit');
    } finally {
      workspace.nx('daemon --stop', env(daemon));
      rmSync(join(workspace.root, 'app/rust-toolchain.toml'), { force: true });
    }
  });
});
