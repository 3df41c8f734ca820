// The real cargo with a crate of the ordinary registry: the same source gives the same program, wherever and by whomever it is built.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildImage } from '../packages/package-vm/src/build/build-image.js';
import { type BuildBundleOptions, type BundleSettings, buildBundle } from '../packages/package-vm/src/bundle/build-bundle.js';
import { bundleFindings } from '../packages/package-vm/src/bundle/bundle-findings.js';
import { type Bundle } from '../packages/package-vm/src/bundle/bundle.js';
import { diffBundles } from '../packages/package-vm/src/bundle/diff-bundles.js';
import { readProject } from '../packages/package-vm/src/project/read-project.js';

const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
const plain = { ...process.env, RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined, CARGO_TARGET_DIR: undefined };
// what cargo keeps of a crate: its file and its entry in the index
const cached = ['registry/cache', 'registry/index'].flatMap((folder) => (existsSync(join(cargoHome, folder)) ? readdirSync(join(cargoHome, folder)).map((name) => `${folder}/${name}`) : []));
const itoa = cached.flatMap((folder) => [
  ...(existsSync(join(cargoHome, folder, '.cache/it/oa')) ? [`${folder}/.cache/it/oa`, `${folder}/config.json`] : []),
  ...readdirSync(join(cargoHome, folder)).filter((name) => /^itoa-1\..*\.crate$/.test(name)).map((name) => `${folder}/${name}`),
]);
const suite = itoa.some((path) => path.endsWith('.crate')) ? describe : describe.skip;
const canUnshare = spawnSync('unshare', ['--user', '--map-user=1234', 'true']).status === 0;

const FILES = {
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app", "field"]\n[profile.debuggable]\ninherits = "release"\ndebug = 2\n',
  'app/Cargo.toml': '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nfield = { path = "../field" }\nitoa = "1"\n',
  'app/build.rs': 'fn main() { std::fs::write(format!("{}/made.rs", std::env::var("OUT_DIR").unwrap()), "pub fn made(v: &[u8]) -> u8 { v[7] }").unwrap(); }\n',
  'app/src/main.rs': `include!(concat!(env!("OUT_DIR"), "/made.rs"));
fn main() {
    let bytes: Vec<u8> = std::env::args().map(|text| text.len() as u8).collect();
    println!("{} {} {} {}", itoa::Buffer::new().format(field::nth(&bytes)), made(&bytes), file!(), cfg!(marked));
}
`,
  'app/vm.json': '{"Program": "app", "ManifestPassthrough": {"readonly_rootfs": "true"}, "Mounts": {"%0": "/workspace"}}',
  'field/Cargo.toml': '[package]\nname = "field"\nversion = "0.1.0"\nedition = "2021"\n',
  'field/src/lib.rs': 'pub fn nth(bytes: &[u8]) -> u8 { bytes[9] }\n',
};

suite('the same source (needs `itoa` in cargo’s cache)', () => {
  let folder: string;

  /** A checkout with all that may differ: its place, CARGO_HOME, target folder, user. */
  interface Checkout {
    readonly root: string;
    readonly env: NodeJS.ProcessEnv;
  }
  let here: Checkout;
  let there: Checkout;

  const write = (root: string, files: Readonly<Record<string, string | Buffer>>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  const checkOut = (place: string, env: NodeJS.ProcessEnv): Checkout => {
    const root = join(folder, place, 'ws');
    write(root, FILES);
    const home = join(folder, place, 'home/.cargo');
    for (const path of itoa) cpSync(join(cargoHome, path), join(home, path), { recursive: true });
    return { root, env: { ...plain, CARGO_HOME: home, RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'), HOME: dirname(home), CARGO_NET_OFFLINE: 'true', ...env } };
  };
  const build = ({ root, env }: Checkout, name: string, settings: BundleSettings = {}, more: Partial<BuildBundleOptions> = {}): Promise<Bundle> =>
    buildBundle({ path: join(root, 'app'), outputFolder: join(root, 'dist', name, 'bundle'), workspaceRoot: root, settings, env, ...more });

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'same-source-')));
    const cargo = execFileSync('sh', ['-c', 'command -v cargo'], { encoding: 'utf8' }).trim();
    // a cargo that is run by another user
    write(folder, { 'bin/cargo': `#!/bin/sh\nexec ${canUnshare ? 'unshare --user --map-user=1234 --map-group=1234 ' : ''}${cargo} "$@"\n` });
    chmodSync(join(folder, 'bin/cargo'), 0o755);
    here = checkOut('a', {});
    there = checkOut('another, longer place', { PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`, USER: 'somebody', LOGNAME: 'somebody', CARGO_TARGET_DIR: join(folder, 'elsewhere/target') });
    execFileSync('cargo', ['generate-lockfile', '--quiet'], { cwd: here.root, env: here.env });
    cpSync(join(here.root, 'Cargo.lock'), join(there.root, 'Cargo.lock'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives the same bundle and the same image, with all debug information too', async () => {
    const bootLoader = Buffer.alloc(512);
    bootLoader.writeUInt16LE(0xaa55, 510);
    write(folder, { 'nanos/boot.img': bootLoader, 'nanos/kernel.img': 'no kernel', 'nanos/VERSION': '0.1.54' });
    const [a, b] = await Promise.all(
      [here, there].map(async (checkout) => {
        const bundle = await build(checkout, 'debuggable', { profile: 'debuggable' });
        const project = await readProject({ folder: join(checkout.root, 'app'), program: 'app', workspaceRoot: checkout.root });
        const image = await buildImage({ project, bundle, release: { nanosDir: join(folder, 'nanos') }, outputPath: join(checkout.root, 'dist/image/app.img') });
        return { bundle, image };
      }),
    );
    const program = readFileSync(a?.bundle.program.hostPath ?? '');
    expect(program.includes('/cargo/registry/src/')).toBe(true);
    expect(program.includes(folder)).toBe(false);
    expect(await diffBundles(join(here.root, 'dist/debuggable/bundle'), join(there.root, 'dist/debuggable/bundle'))).toEqual({ isSame: true, facts: [], files: [] });
    expect(readFileSync(join(here.root, 'dist/debuggable/bundle/bundle.json'))).toEqual(readFileSync(join(there.root, 'dist/debuggable/bundle/bundle.json')));
    expect(b?.image.sha256).toBe(a?.image.sha256);
  });

  it('gives another program where the user’s flags keep the folders, and diff-bundle tells which', async () => {
    const bundles = await Promise.all(
      [here, there].map((checkout) => {
        // a prefix that the user maps is left to him
        const kept = [checkout.root, checkout.env.CARGO_HOME ?? ''].map((path) => `--remap-path-prefix=${path}=${path}`);
        return build({ ...checkout, env: { ...checkout.env, CARGO_ENCODED_RUSTFLAGS: kept.join('\x1f') } }, 'plain', { profile: 'debuggable' });
      }),
    );
    expect(bundles[0]?.program.sha256).not.toBe(bundles[1]?.program.sha256);
    const { files } = await diffBundles(join(here.root, 'dist/plain/bundle'), join(there.root, 'dist/plain/bundle'));
    expect(files).toHaveLength(1);
    expect(files[0]?.elf?.sections.join()).toContain('.debug_');
    expect(files[0]?.elf?.reasons.join('\n')).toContain(`${dirname(here.root)}/home/.cargo/registry/src/`);
  });

  it.each<{ reason: string; env?: NodeJS.ProcessEnv; config?: string; cargoCommand?: readonly string[] }>([
    { reason: 'RUSTFLAGS', env: { RUSTFLAGS: '--cfg marked' } },
    { reason: 'CARGO_ENCODED_RUSTFLAGS', env: { CARGO_ENCODED_RUSTFLAGS: '--cfg\x1fmarked' } },
    { reason: 'target.<triple>.rustflags', config: '[target.x86_64-unknown-linux-gnu]\nrustflags = ["--cfg", "marked"]\n' },
    { reason: "target.'cfg(…)'.rustflags", config: '[target."cfg(unix)"]\nrustflags = ["--cfg", "marked"]\n' },
    { reason: 'build.rustflags', config: '[build]\nrustflags = ["--cfg", "marked"]\n' },
    { reason: '`--config`', config: '[build]\nrustflags = ["--cfg", "other"]\n', cargoCommand: ['cargo', '--config', 'build.rustflags=["--cfg","marked"]'] },
  ])('gives the same program with the flags of $reason, which are in force', async ({ env = {}, config = '', cargoCommand }) => {
    const programs = await Promise.all(
      [here, there].map(async (checkout) => {
        write(checkout.root, { '.cargo/config.toml': config });
        return (await build({ ...checkout, env: { ...checkout.env, ...env } }, 'flags', { cargoCommand })).program;
      }),
    );
    expect(programs[1]?.sha256).toBe(programs[0]?.sha256);
    expect(execFileSync(programs[0]?.hostPath ?? '', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'], { encoding: 'utf8' })).toBe('1 1 app/src/main.rs true\n');
  });

  it('names the libraries of this machine, takes those of a pinned folder, and needs none when it is static', async () => {
    const host = await build(here, 'host');
    const names = host.libraries.map(({ guestPath }) => guestPath);
    expect(bundleFindings(host)[0]?.message).toContain(names.map((name) => `\`${name}\``).join(', '));

    const pinned = await Promise.all(
      [here, there].map((checkout) => {
        for (const { guestPath, hostPath } of host.libraries) cpSync(hostPath, join(checkout.root, 'app/sysroot', guestPath));
        return build(checkout, 'pinned', { sysroot: 'sysroot' });
      }),
    );
    expect(pinned[0]?.libraries.map(({ origin }) => origin)).toEqual(names.map(() => 'sysroot'));
    expect(pinned[1]?.libraries.map(({ sha256 }) => sha256)).toEqual(pinned[0]?.libraries.map(({ sha256 }) => sha256));
    expect(bundleFindings(pinned[0] ?? host)).toEqual([]);

    const statics = await Promise.all([here, there].map((checkout) => build({ ...checkout, env: { ...checkout.env, RUSTFLAGS: '-C target-feature=+crt-static' } }, 'static')));
    expect(statics.map(({ libraries }) => libraries)).toEqual([[], []]);
    expect(statics[1]?.program.sha256).toBe(statics[0]?.program.sha256);
  });

  it('is tied to its place by a crate outside the cargo workspace, and diff-bundle tells that', async () => {
    for (const { root } of [here, there]) {
      write(root, {
        'alone/Cargo.toml': '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n[dependencies]\nfield = { path = "../beside" }\n',
        'alone/Cargo.lock': 'version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n "field",\n]\n\n[[package]]\nname = "field"\nversion = "0.1.0"\n',
        'alone/src/main.rs': 'fn main() { println!("{}", field::nth(&[1])); }\n',
        'beside/Cargo.toml': FILES['field/Cargo.toml'],
        'beside/src/lib.rs': '#[inline(never)]\npub fn nth(bytes: &[u8]) -> u8 { bytes[9] }\n',
      });
      write(root, { 'Cargo.toml': FILES['Cargo.toml'].replace('members', 'exclude = ["alone", "beside"]\nmembers') });
    }
    await Promise.all([here, there].map((checkout) => build(checkout, 'alone', {}, { path: join(checkout.root, 'alone') })));
    const { files } = await diffBundles(join(here.root, 'dist/alone/bundle'), join(there.root, 'dist/alone/bundle'));
    expect(files[0]?.elf?.reasons.join('\n')).toContain('a crate outside the cargo workspace in another place');
  });
});
