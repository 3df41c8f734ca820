import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type BuildTrace } from './build-program.js';
import { type CargoMessage } from './cargo-messages.js';
import { readSources } from './read-sources.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'read-sources-')));
  write({ 'ws/Cargo.toml': '' });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text.replaceAll('ROOT', root));
  }
}

const REGISTRY_ID = 'registry+https://github.com/rust-lang/crates.io-index#z-sys@1.0.0';
const script = (id: string, outDir: string, env: [string, string][] = []): CargoMessage => ({ reason: 'build-script-executed', package_id: id, linked_libs: [], linked_paths: [], env, out_dir: join(root, outDir) });
const APP_ID = (): string => `path+file://${join(root, 'ws/app')}#0.1.0`;
const IN_REGISTRY = 'cargo-home/registry/src/x/Cargo.toml';
const CARGO_TAG = 'Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by cargo.\n';
const library = (id: string, manifestPath: string, filename: string): CargoMessage => ({
  reason: 'compiler-artifact',
  package_id: id,
  manifest_path: join(root, manifestPath),
  target: { name: 'x', kind: ['lib'] },
  features: [],
  filenames: [filename.startsWith('/') ? filename : join(root, filename)],
});

function sources(messages: readonly CargoMessage[], more: Partial<BuildTrace> = {}) {
  const folder = join(root, 'ws/app');
  const targetDir = join(root, 'ws/target');
  const trace: BuildTrace = {
    package: { name: 'app', version: '0.1.0', spec: '', manifestPath: join(folder, 'Cargo.toml'), folder, targetDir, buildDir: targetDir, workspaceRoot: join(root, 'ws'), bins: ['app'], program: 'app', metadata: undefined },
    messages,
    programPath: join(targetDir, 'release/app'),
    sourceRoot: join(root, 'ws'),
    cargoHome: join(root, 'cargo-home'),
    sysroot: '/sysroot',
    otherFiles: [],
    forcedVariables: [],
    ...more,
  };
  const { files, environment } = readSources(trace);
  return { files: files.map((path) => (path.startsWith(root) ? relative(root, path) : path)), environment };
}

describe('readSources', () => {
  it('takes of a package of a registry its variables and what it reads of the machine, not its own files', () => {
    write({
      'ws/target/release/deps/z_sys-1.d': 'x: ROOT/cargo-home/registry/src/z-sys/src/lib.rs /sysroot/lib/a.rs\n# env-dep:Z_MODE\n# env-dep:CARGO_PKG_NAME=z\n# env-dep:SET_BY_SCRIPT=1\n',
      'ws/target/release/build/z-sys-2/output': 'cargo:rerun-if-changed=src/z.c\ncargo:rerun-if-changed=/usr/include/no-such-z.h\ncargo:rerun-if-env-changed=Z_DIR\ncargo:rerun-if-env-changed=PATH\n',
    });
    const found = sources([
      script(REGISTRY_ID, 'ws/target/release/build/z-sys-2/out', [['SET_BY_SCRIPT', '1']]),
      library(REGISTRY_ID, 'cargo-home/registry/src/z-sys/Cargo.toml', 'ws/target/release/deps/libz_sys-1.rlib'),
    ]);
    expect(found).toEqual({ files: ['/usr/include/no-such-z.h'], environment: ['Z_DIR', 'Z_MODE'] });
  });

  it('takes all files of a vendored package: they lie among the sources, and its build script tells nothing of its own', () => {
    const files = ['ws/vendor/z-sys/Cargo.toml', 'ws/vendor/z-sys/src/lib.rs', 'ws/vendor/z-sys/z.c'];
    write({ 'ws/target/release/deps/z_sys-1.d': 'x: ROOT/ws/vendor/z-sys/src/lib.rs\n', ...Object.fromEntries(files.map((path) => [path, ''])) });
    expect(sources([library(REGISTRY_ID, 'ws/vendor/z-sys/Cargo.toml', 'ws/target/release/deps/libz_sys-1.rlib')]).files).toEqual(files);
  });

  it.each([
    { reason: 'of cargo since 1.77', id: (folder: string) => `path+file://${folder}#app@0.1.0` },
    { reason: 'of older ones', id: (folder: string) => `app 0.1.0 (path+file://${folder})` },
  ])('reads package ids $reason', ({ id }) => {
    write({ 'ws/target/release/build/app-2/output': 'cargo:rerun-if-changed=not-there.bin\n' });
    expect(sources([script(id(join(root, 'ws/app')), 'ws/target/release/build/app-2/out')]).files).toEqual(['ws/app/not-there.bin']);
  });

  it('goes through a watched folder once, past target folders and links that lead back', () => {
    write({ 'ws/target/release/build/app-2/output': 'cargo:rerun-if-changed=..\n', 'ws/app/a': '', 'ws/guest/target/CACHEDIR.TAG': CARGO_TAG, 'ws/guest/target/x': '', 'ws/guest/b': '' });
    symlinkSync('..', join(root, 'ws/app/up'));
    expect(sources([script(APP_ID(), 'ws/target/release/build/app-2/out')]).files).toEqual(['ws/Cargo.toml', 'ws/app/a', 'ws/guest/b']);
  });

  it('finds the sources of a guest program that was built into a target folder elsewhere', () => {
    write({
      'ws/target/release/deps/app-1.d': 'x: ROOT/ws/guest/target/riscv/release/guest.bin\n',
      'ws/guest/target/CACHEDIR.TAG': CARGO_TAG,
      'ws/guest/target/riscv/release/guest.bin': 'program',
      'ws/guest/target/riscv/release/guest.d': 'ROOT/ws/guest/target/riscv/release/guest: ROOT/ws/guest/src/main.rs\n',
      'ws/guest/target/riscv/release/deps/guest-0123456789abcdef': 'program',
      'ws/guest/target/riscv/release/deps/guest-0123456789abcdef.d': 'x: src/main.rs\n# env-dep:GUEST_MODE\n',
      'ws/guest/target/riscv/release/deps/guest-fedcba9876543210': 'another',
      'ws/guest/target/riscv/release/deps/guest-fedcba9876543210.d': 'x: src/main.rs\n# env-dep:OLD\n',
      'ws/guest/Cargo.toml': '',
      'ws/guest/Cargo.lock': '',
      'ws/guest/src/main.rs': '',
    });
    const found = sources([library(APP_ID(), 'ws/app/Cargo.toml', 'ws/target/release/deps/libapp-1.rlib')]);
    expect(found).toEqual({ files: ['ws/app/Cargo.toml', 'ws/guest/Cargo.lock', 'ws/guest/Cargo.toml', 'ws/guest/src/main.rs'], environment: ['GUEST_MODE'] });
  });

  it.each([
    { reason: 'in the target folder, made by nobody that we know', path: 'ws/target/keys/k.bin' },
    { reason: 'in a target folder elsewhere, that no rules beside it name', path: 'ws/guest/target/k.bin' },
    { reason: 'with rules beside it that name another', path: 'ws/guest/target/other.bin' },
    { reason: 'in a folder with a tag of some cache', path: 'ws/cached/k.bin' },
  ])('takes a file $reason', ({ path }) => {
    write({ 'ws/target/release/deps/app-1.d': `x: ROOT/${path}\n`, [path]: '', 'ws/guest/target/CACHEDIR.TAG': CARGO_TAG, 'ws/guest/target/other.d': 'ROOT/x/another: \n', 'ws/cached/CACHEDIR.TAG': CARGO_TAG });
    expect(sources([library(REGISTRY_ID, IN_REGISTRY, 'ws/target/release/deps/libapp-1.rlib')]).files).toEqual([path]);
  });

  it('leaves out what this build made: artifacts, and what a build script put where it may', () => {
    write({ 'ws/target/release/deps/app-1.d': 'x: ROOT/ws/target/release/build/app-2/out/deep/made.rs ROOT/ws/target/release/deps/libdep.so\n', 'ws/target/release/build/app-2/out/deep/made.rs': '' });
    const messages = [script(APP_ID(), 'ws/target/release/build/app-2/out'), library(REGISTRY_ID, IN_REGISTRY, 'ws/target/release/deps/libdep.so'), library(REGISTRY_ID, IN_REGISTRY, 'ws/target/release/deps/libapp-1.rlib')];
    expect(sources(messages).files).toEqual([]);
  });

  it('takes variables that cargo sets for build scripts alone, or that only say how much to say, where a source has them', () => {
    write({
      'ws/target/release/deps/app-1.d': 'x:\n# env-dep:PROFILE\n# env-dep:CARGO_FEATURE_X\n# env-dep:RUST_LOG\n# env-dep:OUT_DIR\n',
      'ws/target/release/build/app-2/output': ['TARGET', 'DEBUG', 'TERM', 'SEED'].map((name) => `cargo:rerun-if-env-changed=${name}\n`).join(''),
    });
    const messages = [script(APP_ID(), 'ws/target/release/build/app-2/out'), library(REGISTRY_ID, IN_REGISTRY, 'ws/target/release/deps/libapp-1.rlib')];
    expect(sources(messages).environment).toEqual(['CARGO_FEATURE_X', 'PROFILE', 'RUST_LOG', 'SEED']);
  });

  it('takes the libraries that build scripts link with, and the files that their arguments for the linker name', () => {
    const outDir = 'ws/target/release/build/app-2/out';
    write({
      [`${outDir}/libmade.a`]: '', 'opt/libz.a': '', 'opt/libz.so': '', 'opt/liby.a': '', 'opt/unused.a': '', 'more/exact.a': '', 'alone/libw.a': '', 'alone/readme': '', 'ws/layout.ld': '',
      'ws/target/release/build/app-2/output': 'cargo:rustc-link-arg=-Tlayout.ld\n',
    });
    const from = (id: string, libraries: readonly string[], folders: readonly string[]): CargoMessage => ({ ...script(id, outDir), linked_libs: [...libraries], linked_paths: folders.map((folder) => `native=${join(root, folder)}`) }) as CargoMessage;
    const messages = [from(APP_ID(), ['static=made', 'static=z', 'dylib=y:renamed', 'static:+verbatim=exact.a'], [outDir, 'opt']), from(REGISTRY_ID, ['z'], ['more']), from('another', [], ['alone'])];
    expect(sources(messages).files).toEqual(['alone/libw.a', 'more/exact.a', 'opt/liby.a', 'opt/libz.a', 'opt/libz.so', 'ws/layout.ld']);
  });

  it('finds in the target folder what a container has in `/target`', () => {
    write({ 'ws/target/release/deps/app-1.d': '/target/release/deps/app-1.d: app/src/main.rs /target/release/build/app-2/out/gen.rs\n', 'ws/target/release/deps/libapp-1.rlib': '', 'ws/target/release/build/app-2/out/gen.rs': '' });
    expect(sources([{ ...script(APP_ID(), ''), out_dir: '/target/release/build/app-2/out' } as CargoMessage, library(REGISTRY_ID, IN_REGISTRY, '/target/release/deps/libapp-1.rlib')]).files).toEqual(['ws/app/src/main.rs']);
  });

  it('counts included configuration and a wrapper script, and not what configuration sets by force', () => {
    write({ 'ws/target/release/deps/app-1.d': 'x:\n# env-dep:FORCED\n' });
    const message = library(REGISTRY_ID, IN_REGISTRY, 'ws/target/release/deps/libapp-1.rlib');
    expect(sources([message], { otherFiles: [join(root, 'ws/cargo.sh')], forcedVariables: ['FORCED'] })).toEqual({ files: ['ws/cargo.sh'], environment: [] });
  });

  it('has nothing where cargo left nothing', () => {
    expect(sources([script(REGISTRY_ID, 'none/out'), library(REGISTRY_ID, IN_REGISTRY, 'none/libx.rlib')])).toEqual({ files: [], environment: [] });
  });
});
