import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith } from './needs.js';
import { NxWorkspace } from './nx-workspace.js';

/** One crate with everything that makes packaging hard, from the first refusal to the run of its image. Needs cargo, a C++ compiler, and an assembler. */

const canUnshare = spawnSync('unshare', ['--map-root-user', 'true']).status === 0;

const KEY_BYTES = 64 << 20;
const awkward = (...lines: readonly string[]): string => `[package]
name = "awkward"
version.workspace = true
edition.workspace = true

[features]
gpu = []

[[bin]]
name = "the-prover"
path = "src/prover.rs"
required-features = ["gpu"]

[[bin]]
name = "other"
path = "src/other.rs"

[dependencies]
field = { workspace = true, features = ["wide"] }

[package.metadata.package-vm]
features = ["gpu"]
extraLibraries = ["vendor/libplugin.so"]
${lines.join('\n')}
`;

const FILES = {
  'Cargo.toml': `[workspace]
resolver = "2"
members = ["crates/*"]
[workspace.package]
version = "0.1.0"
edition = "2021"
[workspace.dependencies]
field = { package = "field-of-ours", path = "crates/field" }
`,
  'Cargo.lock': 'version = 4\n\n[[package]]\nname = "awkward"\nversion = "0.1.0"\ndependencies = [\n "field-of-ours",\n]\n\n[[package]]\nname = "field-of-ours"\nversion = "0.3.0+git.1a2b3c4"\n',
  'crates/field/Cargo.toml': '[package]\nname = "field-of-ours"\nversion = "0.3.0+git.1a2b3c4"\nedition.workspace = true\n[features]\nwide = []\n',
  'crates/field/src/lib.rs': 'pub const NAME: &str = concat!("field ", env!("CARGO_PKG_VERSION"));\npub const IS_WIDE: bool = cfg!(feature = "wide");\n',
  'crates/awkward/Cargo.toml': awkward(),
  'crates/awkward/the-prover.vm.json': JSON.stringify({ Program: 'the-prover', Files: ['secret/key.bin'], ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' }, Mounts: { '%0': '/workspace' } }),
  'crates/awkward/src/other.rs': 'fn main() {}\n',
  'crates/awkward/src/prover.rs': `use std::ffi::{c_char, c_int, c_void};
extern "C" {
    fn sum(text: *const c_char) -> c_int;
    fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}
static PARAMS: &str = include_str!("../../../shared/params.txt");
fn main() {
    let plugin = unsafe { dlopen(c"libplugin.so".as_ptr(), 2) };
    assert!(!plugin.is_null());
    let opened: extern "C" fn() -> c_int = unsafe { std::mem::transmute(dlsym(plugin, c"opened".as_ptr())) };
    let key = std::fs::metadata("/secret/key.bin").unwrap().len();
    println!("{} {} {} {PARAMS} {key} {}", unsafe { sum(c"1 2 4".as_ptr()) }, opened(), field::NAME, field::IS_WIDE);
}
`,
  'crates/awkward/cpp/sum.cpp': '#include <sstream>\n#include <string>\nextern "C" int sum(const char *text) { std::istringstream numbers{std::string(text)}; int total = 0, one; while (numbers >> one) total += one; return total; }\n',
  'crates/awkward/build.rs': `use std::{env, process::Command};
fn run(program: &str, args: &[&str]) {
    assert!(Command::new(program).args(args).status().unwrap().success());
}
fn main() {
    let out = env::var("OUT_DIR").unwrap();
    run("c++", &["-O2", "-fPIC", "-c", "cpp/sum.cpp", "-o", &format!("{out}/sum.o")]);
    run("ar", &["rcsD", &format!("{out}/libsum.a"), &format!("{out}/sum.o")]);
    println!("cargo:rerun-if-changed=cpp");
    println!("cargo:rustc-link-search=native={out}");
    println!("cargo:rustc-link-lib=static=sum");
    println!("cargo:rustc-link-lib=dylib=stdc++");
}
`,
  'crates/awkward/vendor/plugin.c': 'int opened(void) { return 5; }\n',
  'shared/params.txt': 'params',
};

describeWith(['cargo', 'cc', 'c++', 'as'], 'an awkward crate', () => {
  let workspace: NxWorkspace;
  const key = (fill: number): void => {
    mkdirSync(join(workspace.root, 'crates/awkward/secret'), { recursive: true });
    writeFileSync(join(workspace.root, 'crates/awkward/secret/key.bin'), Buffer.alloc(KEY_BYTES, fill));
  };
  const image = (): readonly string[] => {
    const run = workspace.nx('run awkward:package-vm');
    return run.failure === '' ? ['cargo-build', 'package-vm'].map((target) => run.task(`awkward:${target}`)) : [run.output];
  };

  beforeAll(() => {
    workspace = new NxWorkspace();
    workspace.prepare(FILES);
    workspace.run('cc', ['-shared', '-fPIC', '-o', 'libplugin.so', 'plugin.c'], {}, 'crates/awkward/vendor');
    workspace.git('add', '-A');
    workspace.git('commit', '-qm', 'plugin');
    workspace.write({ '.gitignore': `${workspace.read('.gitignore')}secret/\n` });
    key(1);
  });
  afterAll(() => {
    workspace.remove();
  });

  it('is refused until what it reads and packs is declared, each time with the line', () => {
    const lines: string[] = [];
    for (const reason of ['The build reads `shared/params.txt`', 'Nx does not hash `crates/awkward/secret/key.bin`']) {
      const [output = ''] = image();
      expect(output).toContain(reason);
      lines.push(/^inputs = .*$/m.exec(output)?.[0] ?? '');
      workspace.write({ 'crates/awkward/Cargo.toml': awkward(lines.at(-1) ?? '') });
    }
    expect(lines).toEqual(['inputs = ["../../shared/params.txt"]', 'inputs = ["../../shared/params.txt", "secret/key.bin"]']);
    expect(image()).toEqual(['miss', 'miss']);
    expect(image()).toEqual(['hit', 'hit']);
  });

  it('has the libraries that it needs and the one that it opens', () => {
    const { libraries, build } = JSON.parse(workspace.read('dist/package-vm/crates/awkward/the-prover/bundle/bundle.json')) as { libraries: { guestPath: string; origin: string }[]; build: object };
    const origins = libraries.map(({ guestPath, origin }) => `${guestPath.split('/').at(-1) ?? ''} ${origin}`);
    expect(origins).toEqual(expect.arrayContaining(['libstdc++.so.6 host', 'libc.so.6 host', 'libplugin.so extra']));
    expect(build).toMatchObject({ package: 'awkward', features: ['gpu'] });
  });

  (canUnshare ? it : it.skip)('runs out of its image (needs user namespaces)', () => {
    const run = workspace.nx('run awkward:rehearse-vm');
    expect(run.output).toContain(`7 5 field 0.3.0+git.1a2b3c4 params ${KEY_BYTES} true`);
  });

  it.each<{ reason: string; change: () => void; back: () => void; expected: readonly string[] }>([
    { reason: 'C++ of the build script', change: () => { workspace.write({ 'crates/awkward/cpp/sum.cpp': FILES['crates/awkward/cpp/sum.cpp'].replace('total = 0', 'total = 1') }); }, back: () => { workspace.write(original('crates/awkward/cpp/sum.cpp')); }, expected: ['miss', 'miss'] },
    { reason: 'the included file', change: () => { workspace.write({ 'shared/params.txt': 'others' }); }, back: () => { workspace.write(original('shared/params.txt')); }, expected: ['miss', 'miss'] },
    // a build may read it, too
    { reason: 'the key that git ignores', change: () => { key(2); }, back: () => { key(1); }, expected: ['miss', 'miss'] },
    { reason: 'another program of the package', change: () => { workspace.write({ 'crates/awkward/src/other.rs': '// changed\nfn main() {}\n' }); }, back: () => { workspace.write(original('crates/awkward/src/other.rs')); }, expected: ['miss', 'hit'] },
  ])('after a change of $reason: $expected', ({ change, back, expected }) => {
    change();
    expect(image()).toEqual(expected);
    back();
    expect(image()).toEqual(['hit', 'hit']);
  });
});

function original(path: keyof typeof FILES): Readonly<Record<string, string>> {
  return { [path]: FILES[path] };
}
