// The real cargo, rustc and gcc: crates are made in a temporary folder, nothing is downloaded.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BuildBundleOptions, buildBundle } from '../packages/package-vm/src/bundle/build-bundle.js';
import { type Bundle } from '../packages/package-vm/src/bundle/bundle.js';
import { resolveInGuest } from '../packages/package-vm/src/bundle/resolve-in-guest.js';
import { findPackage } from '../packages/package-vm/src/cargo/find-package.js';
import { crate } from './crate-files.js';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cargo-bundle-')));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

// the machine's own flags and target folder are not part of these tests
const env = { ...process.env, RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined, CARGO_TARGET_DIR: undefined, CARGO_NET_OFFLINE: 'true' };

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
};
const lock = (path: string): void => {
  execFileSync('cargo', ['generate-lockfile', '--offline', '--quiet'], { cwd: join(folder, path), env });
};
const build = (path: string, options: Partial<BuildBundleOptions> = {}): Promise<Bundle> =>
  buildBundle({ path: join(folder, path), outputFolder: join(folder, 'dist', path, 'bundle'), env, ...options });
const missingInGuest = ({ name, program, libraries }: Bundle) =>
  resolveInGuest({ programPath: `/${name}`, elfFiles: new Map([[`/${name}`, program.hostPath], ...libraries.map(({ guestPath, hostPath }) => [guestPath, hostPath] as const)]) });

/** Runs a bundle's program with nothing but the bundle's files. */
const runAlone = ({ name, program }: Bundle): string => {
  const root = mkdtempSync(join(folder, 'root-'));
  cpSync(join(dirname(program.hostPath), 'root'), root, { recursive: true });
  cpSync(program.hostPath, join(root, name));
  return execFileSync('unshare', ['--map-root-user', `--root=${root}`, `/${name}`], { encoding: 'utf8' });
};
const canUnshare = spawnSync('unshare', ['--map-root-user', 'true']).status === 0;

describe('a crate with libraries of its own', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    write({
      'libs/Cargo.toml': crate('libs'),
      'libs/src/main.rs': 'extern "C" { fn one() -> i32; fn two() -> i32; }\nfn main() { println!("{}", unsafe { one() + two() }); }\n',
      'libs/one.c': 'int one(void) { return 1; }\n',
      'libs/two.c': 'int two(void) { return 2; }\n',
      'libs/build.rs': `use std::{env, fs, path::Path, process::Command};
fn shared(name: &str, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let library = folder.join(format!("lib{name}.so"));
    let status = Command::new("gcc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(format!("{name}.c")).arg(format!("-Wl,-soname,lib{name}.so")).status();
    assert!(status.unwrap().success());
    println!("cargo:rustc-link-search=native={}", folder.display());
    println!("cargo:rustc-link-lib=dylib={name}");
}
fn main() {
    let out = env::var("OUT_DIR").unwrap();
    // beside the program, as an installed program has it
    shared("one", &Path::new(&out).join("../../../lib"));
    shared("two", &Path::new(&out).join("vendor"));
    println!("cargo:rustc-link-arg-bins=-Wl,-rpath,$ORIGIN/lib");
}
`,
    });
    lock('libs');
    bundle = await build('libs');
  });

  it('keeps one under RUNPATH `$ORIGIN/lib` and puts one of a cargo link path into a default folder', () => {
    expect(bundle.libraries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ guestPath: '/lib/libone.so', origin: 'program' }),
        expect.objectContaining({ guestPath: expect.stringMatching(/^\/(usr\/)?lib.*\/libtwo\.so$/) as string, origin: 'cargo' }),
        expect.objectContaining({ guestPath: '/lib64/ld-linux-x86-64.so.2', origin: 'host' }),
      ]),
    );
    expect(missingInGuest(bundle)).toEqual([]);
  });

  (canUnshare ? it : it.skip)('runs with nothing but the bundle (needs user namespaces)', () => {
    expect(runAlone(bundle)).toBe('3\n');
  });
});

describe('a program', () => {
  beforeAll(() => {
    write({
      'ws/Cargo.toml': '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      'ws/a/Cargo.toml': crate('a', '[[bin]]\nname = "same"\npath = "src/main.rs"\n'),
      'ws/b/Cargo.toml': crate('b', '[[bin]]\nname = "same"\npath = "src/main.rs"\n'),
      'ws/a/src/main.rs': 'fn main() { let v: Vec<u8> = std::env::args().map(|a| a.len() as u8).collect(); println!("program of a {} {}", file!(), v[usize::from(v[0])]); }\n',
      'ws/b/src/main.rs': 'fn main() { println!("program of b {}", cfg!(marked)); }\n',
    });
    lock('ws');
  });

  it('is the same from two checkouts, with two target folders, and names neither', async () => {
    cpSync(join(folder, 'ws'), join(folder, 'a longer path/ws'), { recursive: true });
    const here = await build('ws/a');
    const there = await build('a longer path/ws/a', { env: { ...env, CARGO_TARGET_DIR: join(folder, 'elsewhere') } });
    expect(there.program.sha256).toBe(here.program.sha256);
    expect(readFileSync(there.program.hostPath).includes(folder)).toBe(false);
  });

  it('does not name the folder of a crate outside its workspace either', async () => {
    write({
      'outside/Cargo.toml': crate('outside', '[dependencies]\nshared = { path = "../shared" }\n'),
      'outside/src/main.rs': 'fn main() { println!("{}", shared::nth(9)); }\n',
      'shared/Cargo.toml': crate('shared'),
      'shared/src/lib.rs': 'pub fn nth(n: usize) -> u8 { let v: Vec<u8> = std::env::args().map(|a| a.len() as u8).collect(); v[n] }\n',
    });
    lock('outside');
    const program = readFileSync((await build('outside')).program.hostPath);
    expect(program.includes('/crates/shared/src/lib.rs')).toBe(true);
    expect(program.includes(folder)).toBe(false);
  });

  it.each([
    { reason: 'RUSTFLAGS', variables: { RUSTFLAGS: '--cfg marked' }, config: '' },
    { reason: 'build.rustflags', variables: {}, config: '[build]\nrustflags = ["--cfg", "marked"]\n' },
    { reason: "target.'cfg(…)'.rustflags", variables: {}, config: '[build]\nrustflags = ["--no-such-flag"]\n[target."cfg(target_os = \\"linux\\")"]\nrustflags = "--cfg marked"\n' },
  ])('is built with the flags of $reason', async ({ variables, config }) => {
    write({ 'ws/.cargo/config.toml': config });
    const { program } = await build('ws/b', { env: { ...env, ...variables } });
    rmSync(join(folder, 'ws/.cargo'), { recursive: true });
    expect(execFileSync(program.hostPath, { encoding: 'utf8' })).toBe('program of b true\n');
  });

  it('brings the toolchain’s own shared library when it is linked to it', async () => {
    const bundle = await build('ws/b', { env: { ...env, RUSTFLAGS: '-C prefer-dynamic' } });
    expect(bundle.libraries).toContainEqual(expect.objectContaining({ guestPath: expect.stringContaining('/libstd-') as string, origin: 'cargo' }));
    expect(missingInGuest(bundle)).toEqual([]);
  });

  it('is never exchanged for one of the same name, built at the same time: 40 times', async () => {
    const wrong: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      const bundles = await Promise.all(['a', 'b'].map((name) => build(`ws/${name}`)));
      for (const [index, name] of ['a', 'b'].entries()) {
        if (!readFileSync(bundles[index]?.program.hostPath ?? '').includes(`program of ${name}`)) wrong.push(`${name} in round ${round}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('must be chosen where packages share its name', async () => {
    await expect(findPackage({ path: join(folder, 'ws'), program: 'same', env })).rejects.toMatchObject({ code: 'PVM_SEVERAL_PROGRAMS' });
  });
});

describe('the settings', () => {
  const command = join(import.meta.dirname, '../packages/package-vm/dist/cli/main.js');
  const bootLoader = Buffer.alloc(512);
  bootLoader.writeUInt16LE(0xaa55, 510);
  beforeAll(() => {
    write({
      'set/Cargo.toml': crate(
        'set',
        '[features]\nfast = []\n[profile.small]\ninherits = "release"\nopt-level = "z"\n[[bin]]\nname = "gated"\npath = "src/main.rs"\nrequired-features = ["fast"]\n' +
          '[package.metadata.package-vm]\nfeatures = ["fast"]\n[package.metadata.package-vm.variants.debug]\nprofile = "dev"\n',
      ),
      'set/src/main.rs': 'fn main() { println!("{} {}", cfg!(feature = "fast"), cfg!(debug_assertions)); }\n',
      'set/gated.vm.json': '{"Program": "gated", "ManifestPassthrough": {"readonly_rootfs": "true"}, "Mounts": {"%0": "/workspace"}}',
      'set/.cargo/config.toml': '[build]\ntarget-dir = "../target of all"\n',
      'set/nx.json': '{}',
      'nanos/kernel.img': 'no kernel',
      'nanos/VERSION': '0.1.54',
    });
    writeFileSync(join(folder, 'nanos/boot.img'), bootLoader);
    lock('set');
  });

  it('choose features and profile, and cargo’s own the target folder', async () => {
    const bundle = await build('set', { settings: { features: ['fast'], profile: 'small' } });
    expect(bundle.build).toMatchObject({ package: 'set', profile: 'small', features: ['fast'] });
    expect(execFileSync(bundle.program.hostPath, { encoding: 'utf8' })).toBe('true false\n');
    expect(existsSync(join(folder, 'target of all/small/gated'))).toBe(true);
    await expect(build('set')).rejects.toMatchObject({ code: 'PVM_CARGO_FAILED', message: expect.stringContaining('requires the features: `fast`') as string });
  });

  it.each([
    { reason: 'by themselves', args: [], output: 'dist/package-vm/gated', says: 'true false\n' },
    { reason: 'as a variant, beside the other', args: ['--variant', 'debug'], output: 'dist/package-vm/gated@debug', says: 'true true\n' },
  ])('hold on the command line $reason', ({ args, output, says }) => {
    const made = execFileSync(process.execPath, [command, 'build', '.', '--nanos-dir', '../nanos', ...args], { cwd: join(folder, 'set'), env: { ...env, NODE_OPTIONS: '' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(made).toBe(`Bootable image file:${join(folder, 'set', output, 'image/gated.img')}\n`);
    expect(execFileSync(join(folder, 'set', output, 'bundle/program'), { encoding: 'utf8' })).toBe(says);
  });
});

describe('cargo fails', () => {
  it('for source that does not compile, and its own words came through', async () => {
    write({ 'broken/Cargo.toml': crate('broken'), 'broken/src/main.rs': 'fn main() { let x: u8 = "no"; }\n' });
    lock('broken');
    let output = '';
    await expect(build('broken', { onOutput: (text) => (output += text) })).rejects.toMatchObject({ code: 'PVM_COMPILE_FAILED' });
    expect(output).toContain('error[E0308]: mismatched types');
    expect(output).toContain('src/main.rs:1:25');
  });

  it('without a lock file, and with one that is out of date', async () => {
    write({ 'locked/Cargo.toml': crate('locked'), 'locked/src/main.rs': 'fn main() {}\n', 'locked/dep/Cargo.toml': crate('dep'), 'locked/dep/src/lib.rs': '' });
    await expect(build('locked')).rejects.toMatchObject({ code: 'PVM_CARGO_LOCK', message: expect.stringContaining('is missing') as string });
    lock('locked');
    write({ 'locked/Cargo.toml': crate('locked', '[dependencies]\ndep = { path = "dep" }\n') });
    await expect(build('locked')).rejects.toMatchObject({ code: 'PVM_CARGO_LOCK', message: expect.stringContaining('is out of date') as string });
  });

  it('for a malformed Cargo.toml', async () => {
    write({ 'malformed/Cargo.toml': '[package' });
    await expect(build('malformed')).rejects.toMatchObject({ code: 'PVM_BAD_CARGO_MANIFEST', message: expect.stringContaining('Cargo.toml:1:9') as string });
  });

  it('for a target whose standard library is not installed', async () => {
    const installed = execFileSync('rustc', ['--print', 'target-libdir', '--target', 'x86_64-unknown-linux-ohos'], { encoding: 'utf8', env, cwd: folder }).trim();
    write({ 'cross/Cargo.toml': crate('cross'), 'cross/src/main.rs': 'fn main() {}\n' });
    lock('cross');
    expect(spawnSync('ls', [installed]).status).not.toBe(0);
    await expect(build('cross', { settings: { target: 'x86_64-unknown-linux-ohos' } })).rejects.toMatchObject({
      code: 'PVM_COMPILE_FAILED',
      hint: 'Install the target with `rustup target add x86_64-unknown-linux-ohos`.',
    });
  });
});
