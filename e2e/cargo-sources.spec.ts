// The real cargo and rustc, nothing is downloaded: what a build read, by what is left in the target folder.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { buildProgram } from '../packages/package-vm/src/cargo/build-program.js';
import { findPackage } from '../packages/package-vm/src/cargo/find-package.js';
import { readSources } from '../packages/package-vm/src/cargo/read-sources.js';
import { undeclaredInputs } from '../packages/package-vm/src/cargo/undeclared-inputs.js';
import { crate } from './crate-files.js';

const env = { ...process.env, RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined, CARGO_TARGET_DIR: undefined, CARGO_NET_OFFLINE: 'true' };

const FILES = {
  'ws/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["my-app", "both", "macros"]\nexclude = ["guest"]\n[profile.release]\nopt-level = 0\n',
  'ws/my-app/Cargo.toml': crate('my-app', '[dependencies]\nboth = { path = "../both" }\nmacros = { path = "../macros" }\noutside = { path = "../../outside" }\n[features]\nextra = []\n'),
  'ws/my-app/src/main.rs': `include!(concat!(env!("OUT_DIR"), "/made.rs"));
static KEY: &[u8] = include_bytes!("../../../keys/k e y.bin");
#[cfg(feature = "extra")]
static EXTRA: &str = include_str!("../../extra.txt");
static GUEST: &[u8] = include_bytes!(env!("GUEST_PATH"));
fn main() {
    println!("{} {:?} {:?} {} {} {}", MADE, KEY, option_env!("APP_MODE"), env!("CARGO_PKG_VERSION"), both::TEXT, macros::one!());
    println!("{:?} {} {:?}", outside::MODE, GUEST.len(), option_env!("FORCED"));
    #[cfg(feature = "extra")]
    println!("{EXTRA}");
}
`,
  'ws/my-app/build.rs': `use std::{env, fs, process::Command};
fn main() {
    println!("cargo:rerun-if-changed=../params");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=APP_SEED");
    println!("cargo::rerun-if-env-changed=TARGET");
    println!("cargo::rerun-if-env-changed=PATH");
    let out = env::var("OUT_DIR").unwrap();
    fs::write(format!("{out}/made.rs"), "pub const MADE: u8 = 1;").unwrap();
    let guests = format!("{out}/guests");
    let built = Command::new(env::var("CARGO").unwrap()).args(["build", "--release", "--offline", "--manifest-path", "../guest/Cargo.toml", "--target-dir", &guests])
        .env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("CARGO_BUILD_BUILD_DIR").status().unwrap();
    assert!(built.success());
    println!("cargo::rustc-env=GUEST_PATH={guests}/release/guest");
}
`,
  'ws/params/a.bin': 'a',
  'ws/params/deep/b.bin': 'b',
  'ws/extra.txt': 'extra',
  'ws/guest/Cargo.toml': crate('guest', '[workspace]\n[dependencies]\nfield = { path = "../field" }\n'),
  'ws/guest/src/main.rs': 'fn main() { println!("{} {:?}", field::TEXT, option_env!("GUEST_MODE")); }\n',
  'ws/field/Cargo.toml': crate('field', '[workspace]\n'),
  'ws/field/src/lib.rs': 'pub const TEXT: &str = include_str!("table.txt");\n',
  'ws/field/src/table.txt': 'table',
  'ws/both/Cargo.toml': crate('both', '[lib]\ncrate-type = ["lib", "cdylib"]\n'),
  'ws/both/src/lib.rs': 'pub const TEXT: &str = include_str!("../linked/text.txt");\n',
  'ws/macros/Cargo.toml': crate('macros', '[lib]\nproc-macro = true\n'),
  'ws/macros/src/lib.rs': 'const NAME: &str = match option_env!("MACRO_MODE") { Some(name) => name, None => "1" };\n#[proc_macro]\npub fn one(_: proc_macro::TokenStream) -> proc_macro::TokenStream { NAME.parse().unwrap() }\n',
  'ws/.cargo/config.toml': 'include = ["../more.toml"]\n',
  'ws/more.toml': '[env]\nFORCED = { value = "1", force = true }\n',
  'outside/Cargo.toml': crate('outside', '[workspace]\n'),
  'outside/src/lib.rs': 'pub const MODE: Option<&str> = option_env!("OUTSIDE_MODE");\n',
  'keys/k e y.bin': 'key',
  'texts/text.txt': 'text',
};

const OF_THE_BUILD = [
  'keys/k e y.bin',
  'outside/Cargo.toml',
  'outside/src/lib.rs',
  'texts/text.txt',
  'ws/Cargo.lock',
  'ws/both/Cargo.toml',
  'ws/both/src/lib.rs',
  'ws/field/Cargo.toml',
  'ws/field/src/lib.rs',
  'ws/field/src/table.txt',
  'ws/guest/Cargo.lock',
  'ws/guest/Cargo.toml',
  'ws/guest/src/main.rs',
  'ws/macros/Cargo.toml',
  'ws/macros/src/lib.rs',
  'ws/my-app/Cargo.toml',
  'ws/my-app/build.rs',
  'ws/my-app/src/main.rs',
  'ws/params/a.bin',
  'ws/params/deep/b.bin',
];
const VARIABLES = ['APP_MODE', 'APP_SEED', 'GUEST_MODE', 'MACRO_MODE', 'OUTSIDE_MODE'];

describe('what a build read', () => {
  let folder: string;
  const sourcesOf = async (options: { readonly features?: readonly string[]; readonly more?: Readonly<Record<string, string>> } = {}) => {
    const variables = { ...env, ...options.more };
    const found = await findPackage({ path: join(folder, 'ws/my-app'), env: variables });
    const { trace } = await buildProgram({ package: found, env: variables, workspaceRoot: join(folder, 'ws'), features: options.features });
    const { files, environment } = readSources(trace);
    return { files: files.map((path) => relative(folder, path)), environment };
  };

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'cargo-sources-')));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    symlinkSync('../../texts', join(folder, 'ws/both/linked'));
    execFileSync('cargo', ['generate-lockfile', '--offline', '--quiet'], { cwd: join(folder, 'ws'), env });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is every source, included file, watched folder, guest program and variable, and nothing that was made', async () => {
    expect(await sourcesOf()).toEqual({ files: OF_THE_BUILD, environment: VARIABLES });
  });

  it('is the same when all was built before', async () => {
    expect(await sourcesOf()).toEqual({ files: OF_THE_BUILD, environment: VARIABLES });
  });

  it('is that of the build with these features, whatever others left in the target folder', async () => {
    expect((await sourcesOf({ features: ['extra'] })).files).toEqual([...OF_THE_BUILD, 'ws/extra.txt'].sort());
    expect((await sourcesOf()).files).toEqual(OF_THE_BUILD);
  });

  it('is the same with target and build folders elsewhere', async () => {
    const more = { CARGO_TARGET_DIR: join(folder, 'made/target'), CARGO_BUILD_BUILD_DIR: join(folder, 'made/build') };
    expect(await sourcesOf({ more })).toEqual({ files: OF_THE_BUILD, environment: VARIABLES });
  });

  it('is declared by the line that the refusal names', async () => {
    const found = await findPackage({ path: join(folder, 'ws/my-app'), env });
    const { trace } = await buildProgram({ package: found, env, workspaceRoot: join(folder, 'ws') });
    const sources = readSources(trace);
    const filesets = ['{projectRoot}/**/*', ...['both', 'macros', 'guest'].map((name) => `{workspaceRoot}/${name}/**/*`), '{workspaceRoot}/Cargo.lock'];
    const options = { sources, workspaceRoot: join(folder, 'ws'), crateFolder: found.folder };
    const findings = undeclaredInputs({ ...options, declared: { filesets, holds: (path) => path.startsWith(join(folder, 'outside')) } });
    expect(findings.map(({ item }) => item)).toEqual([
      '"../../keys/k e y.bin"',
      '"../../texts/text.txt"',
      '"../field/Cargo.toml"',
      '"../field/src/lib.rs"',
      '"../field/src/table.txt"',
      '"../params/a.bin"',
      '"../params/deep/b.bin"',
      ...VARIABLES.map((name) => `{ env = "${name}" }`),
    ]);
    const paths = findings.flatMap(({ item }) => (item.startsWith('"') ? [join(found.folder, JSON.parse(item) as string)] : []));
    expect(undeclaredInputs({ ...options, declared: { filesets, holds: (path) => path.startsWith(join(folder, 'outside')) || paths.includes(path), environment: VARIABLES } })).toEqual([]);
  });
});
