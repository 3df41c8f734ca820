import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crate, manifest, settings } from './crate-files.js';
import { describeWith } from './needs.js';
import { NxWorkspace } from './nx-workspace.js';

/** What a build reads and Nx does not see by itself: each change is a miss with other bytes, or the build refuses. Needs cargo, and an assembler. */

const main = (text: string): string => `fn main() {\n    println!("{:?}", ${text});\n}\n`;

const outside = mkdtempSync(join(tmpdir(), 'package-vm-outside-'));
const fromApp = `../../../${basename(outside)}`;

const NAMES = ['app', 'bare', 'foldered', 'made', 'packed', 'slow'];
const FILES = {
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n[profile.release]\nopt-level = 0\n',
  'Cargo.lock': `version = 4\n${NAMES.map((name) => `\n[[package]]\nname = "${name}"\nversion = "0.1.0"\n`).join('')}`,
  // reads all kinds of things that no fileset of a crate holds
  'crates/app/Cargo.toml': crate('app'),
  'crates/app/src/main.rs': main(`(include_str!("../../../shared/table.txt"), include_str!("../secret/key.txt"), include_str!("../../../linked/text.txt"), include_str!("${join('..', fromApp, 'out.txt')}"), option_env!("APP_MODE"), env!("APP_SEED"))`),
  'crates/app/build.rs': 'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n    println!("cargo:rerun-if-env-changed=SEED");\n    println!("cargo:rustc-env=APP_SEED={}", std::env::var("SEED").unwrap_or_default());\n}\n',
  'crates/app/vm.json': manifest('app'),
  'crates/app/secret/key.txt': 'key',
  'shared/table.txt': 'table',
  // packs what git ignores, and knows a variant
  'crates/packed/Cargo.toml': crate('packed', settings('variants.debug = { profile = "dev" }')),
  'crates/packed/src/main.rs': main('"packed"'),
  'crates/packed/vm.json': manifest('packed', { Files: ['secret/s.bin'] }),
  'crates/packed/secret/s.bin': 'one',
  // packs a whole folder
  'crates/foldered/Cargo.toml': crate('foldered'),
  'crates/foldered/src/main.rs': main('"foldered"'),
  'crates/foldered/vm.json': manifest('foldered', { Dirs: ['data'] }),
  'crates/foldered/data/a.txt': 'same',
  'crates/foldered/data/b.txt': 'same',
  // reads what another Nx task makes
  'crates/made/Cargo.toml': crate('made', settings('inputs = [{ task = "keys:make", files = "../../dist/keys/*.txt" }]')),
  'crates/made/src/main.rs': main('include_str!("../../../dist/keys/k.txt")'),
  'crates/made/vm.json': manifest('made'),
  'keys/project.json': JSON.stringify({ name: 'keys', targets: { make: { command: 'mkdir -p dist/keys && cp keys/k.txt dist/keys/k.txt', cache: true, inputs: ['{projectRoot}/**/*'], outputs: ['{workspaceRoot}/dist/keys'] } } }),
  'keys/k.txt': 'made key',
  'crates/bare/Cargo.toml': crate('bare'),
  'crates/bare/src/main.rs': main('"bare"'),
  'crates/bare/vm.json': manifest('bare'),
  // its build script starts something that would outlive a careless Ctrl-C
  'crates/slow/Cargo.toml': crate('slow'),
  'crates/slow/src/main.rs': main('"slow"'),
  'crates/slow/vm.json': manifest('slow'),
  'crates/slow/build.rs': 'fn main() {\n    std::fs::write("../../started", std::process::id().to_string()).unwrap();\n    std::thread::sleep(std::time::Duration::from_secs(60));\n}\n',
};

describeWith(['cargo', 'as'], 'what Nx does not see by itself', () => {
  let workspace: NxWorkspace;
  const program = (crateName: string, variant = ''): string => workspace.read(`dist/package-vm/crates/${crateName}/${crateName}${variant}/bundle/program`);
  const suggested = (output: string): string => /^inputs = .*$/m.exec(output)?.[0] ?? '';

  beforeAll(() => {
    workspace = new NxWorkspace();
    for (const [name, text] of [['out.txt', 'outside'], ['text.txt', 'linked']] as const) writeFileSync(join(outside, name), text);
    workspace.prepare(FILES);
    symlinkSync(outside, join(workspace.root, 'linked'));
    workspace.write({ '.gitignore': `${workspace.read('.gitignore')}secret/\n.cargo/\nlinked\nstarted\n` });
  });
  afterAll(() => {
    workspace.remove();
    rmSync(outside, { recursive: true });
  });

  it('fails a build that read what nobody declared, caches nothing, and names the line that declares it', () => {
    const refused = workspace.nx('run app:cargo-build');
    expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('PVM_UNDECLARED_INPUT') as unknown });
    expect(existsSync(join(workspace.root, 'dist/package-vm/crates/app'))).toBe(false);
    expect(workspace.nx('run app:cargo-build').exitCode).toBe(1);
    const line = suggested(refused.output);
    for (const item of ['"../../shared/table.txt"', '"secret/key.txt"', '/out.txt"', '/text.txt"', '{ env = "APP_MODE" }', '{ env = "SEED" }']) expect(line).toContain(item);
    workspace.write({ 'crates/app/Cargo.toml': crate('app', settings(line)) });
    expect(workspace.nx('run app:cargo-build').failure).toBe('');
  });

  it.each<{ reason: string; path?: string; env?: Record<string, string> }>([
    { reason: 'a file elsewhere in the Nx workspace', path: 'shared/table.txt' },
    { reason: 'a file that git ignores', path: 'crates/app/secret/key.txt' },
    { reason: 'a file outside the Nx workspace', path: `../${basename(outside)}/out.txt` },
    { reason: 'a file behind a linked folder', path: 'linked/text.txt' },
    { reason: 'a variable of the source', env: { APP_MODE: 'other mode' } },
    { reason: 'a variable of the build script', env: { SEED: 'other seed' } },
  ])('misses after a change of $reason, with the change in the program, and hits when it is taken back', ({ path, env = {} }) => {
    const before = path === undefined ? '' : workspace.read(path);
    if (path !== undefined) workspace.write({ [path]: `other ${before}` });
    const run = workspace.nx('run app:cargo-build', env);
    expect([run.failure, run.task('app:cargo-build')]).toEqual(['', 'miss']);
    expect(program('app')).toContain(Object.values(env)[0] ?? `other ${before}`);
    if (path !== undefined) workspace.write({ [path]: before });
    expect(workspace.nx('run app:cargo-build').task('app:cargo-build')).toBe('hit');
  });

  it('misses after a change of cargo’s configuration that git ignores', () => {
    workspace.write({ 'crates/.cargo/config.toml': '[profile.release]\ndebug = 1\n' });
    expect(workspace.nx('run app:cargo-build').task('app:cargo-build')).toBe('miss');
    rmSync(join(workspace.root, 'crates/.cargo'), { recursive: true });
  });

  it('refuses to pack a file that git ignores until the settings name it; then a change is a miss with other bytes', () => {
    const refused = workspace.nx('run packed:package-vm');
    expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('PVM_UNHASHED_FILE: Nx does not hash `crates/packed/secret/s.bin`') as unknown });
    expect(suggested(refused.output)).toBe('inputs = ["secret/s.bin"]');
    workspace.write({ 'crates/packed/Cargo.toml': crate('packed', settings(suggested(refused.output), 'variants.debug = { profile = "dev" }')) });
    expect(workspace.nx('run packed:package-vm').failure).toBe('');
    const image = 'dist/package-vm/crates/packed/packed/image';
    const made = workspace.digests(image);
    expect(workspace.nx('run packed:package-vm').task('packed:package-vm')).toBe('hit');
    workspace.write({ 'crates/packed/secret/s.bin': 'two' });
    expect(workspace.nx('run packed:package-vm').task('packed:package-vm')).toBe('miss');
    expect(workspace.digests(image)).not.toEqual(made);
    workspace.write({ 'crates/packed/secret/s.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n` });
    expect(workspace.nx('run packed:package-vm')).toMatchObject({ exitCode: 1, output: expect.stringContaining('`crates/packed/secret/s.bin` is what Git LFS keeps in place') as unknown });
    workspace.write({ 'crates/packed/secret/s.bin': 'one' });
    expect(workspace.nx('run packed:package-vm').task('packed:package-vm')).toBe('hit');
    expect(workspace.digests(image)).toEqual(made);
  });

  it.each([
    { what: 'a kernel of its own', files: { 'crates/foldered/vm.json': manifest('foldered', { Kernel: 'secret/kernel.img' }) }, message: 'Nx does not hash `crates/foldered/secret/kernel.img`' },
    { what: 'the lock of the Nanos release', files: { '.gitignore': 'nanos.lock.json\n' }, message: 'Nx does not hash `nanos.lock.json`, so another Nanos release would go unseen' },
  ])('refuses $what that git ignores', ({ files, message }) => {
    const before = Object.fromEntries(Object.keys(files).map((path) => [path, workspace.read(path)]));
    mkdirSync(join(workspace.root, 'crates/foldered/secret'), { recursive: true });
    copyFileSync(join(workspace.root, 'nanos/kernel.img'), join(workspace.root, 'crates/foldered/secret/kernel.img'));
    workspace.git('rm', '-q', '--cached', 'nanos.lock.json');
    try {
      workspace.write({ ...files, '.gitignore': `${workspace.read('.gitignore')}${files['.gitignore'] ?? ''}` });
      expect(workspace.nx('run foldered:package-vm')).toMatchObject({ exitCode: 1, output: expect.stringContaining(message) as unknown });
    } finally {
      workspace.write(before);
      workspace.git('add', 'nanos.lock.json');
      rmSync(join(workspace.root, 'crates/foldered/secret'), { recursive: true });
    }
  });

  it('does not take an image from the cache after something came into one of its folders that Nx does not see', () => {
    const build = (): readonly [string, string] => {
      const run = workspace.nx('run foldered:package-vm');
      return [run.task('foldered:package-vm'), /PVM_\w+/.exec(run.output)?.[0] ?? ''];
    };
    const path = (name: string): string => join(workspace.root, 'crates/foldered/data', name);
    symlinkSync('a.txt', path('link'));
    expect([build(), build()]).toEqual([['miss', ''], ['hit', '']]);
    workspace.write({ 'crates/foldered/data/secret/s.bin': 'one' });
    expect(build()).toEqual(['miss', 'PVM_UNHASHED_FILE']);
    rmSync(path('secret'), { recursive: true });
    expect(build()).toEqual(['hit', '']);
    // the same content behind it
    rmSync(path('link'));
    symlinkSync('b.txt', path('link'));
    expect(build()).toEqual(['miss', '']);
    mkdirSync(path('empty'));
    expect(build()).toEqual(['miss', '']);
    rmSync(path('empty'), { recursive: true });
    expect(build()).toEqual(['hit', '']);
  });

  it('builds a variant into outputs of its own, cached by itself', () => {
    const release = workspace.digests('dist/package-vm/crates/packed/packed');
    expect(workspace.nx('run packed:package-vm --configuration=debug').failure).toBe('');
    expect(JSON.parse(workspace.read('dist/package-vm/crates/packed/packed@debug/bundle/bundle.json'))).toMatchObject({ build: { profile: 'dev' } });
    expect(workspace.digests('dist/package-vm/crates/packed/packed')).toEqual(release);
    rmSync(join(workspace.root, 'dist/package-vm/crates/packed'), { recursive: true });
    const again = workspace.nx('run packed:package-vm --configuration=debug');
    expect([again.failure, existsSync(join(workspace.root, 'dist/package-vm/crates/packed/packed@debug/image/packed.img'))]).toEqual(['', true]);
    expect(again.output).toContain('2 out of 2');
  });

  it('runs the Nx task that makes an input before, and misses when that makes something else', () => {
    const first = workspace.nx('run made:cargo-build');
    expect([first.failure, first.task('keys:make')]).toEqual(['', 'miss']);
    expect(program('made')).toContain('made key');
    workspace.write({ 'keys/k.txt': 'other made key' });
    expect(workspace.nx('run made:cargo-build').task('made:cargo-build')).toBe('miss');
    expect(program('made')).toContain('other made key');
    workspace.write({ 'keys/project.json': FILES['keys/project.json'].replace('cp keys', 'cp  keys') });
    const same = workspace.nx('run made:cargo-build');
    expect([same.task('keys:make'), same.task('made:cargo-build')]).toEqual(['miss', 'hit']);
  });

  it('leaves no image of a program under its former name', () => {
    expect(workspace.nx('run bare:package-vm').failure).toBe('');
    workspace.write({ 'crates/bare/Cargo.toml': crate('bare', '[[bin]]\nname = "renamed"\npath = "src/main.rs"'), 'crates/bare/vm.json': manifest('renamed') });
    expect(workspace.nx('run bare:package-vm').failure).toBe('');
    expect(readdirSync(join(workspace.root, 'dist/package-vm/crates/bare/bare/image')).sort()).toEqual(['renamed.img', 'renamed.img.json']);
  });

  it('says in the words of Nx how to choose a folder of a Nanos release', () => {
    const nxJson = workspace.read('nx.json');
    workspace.write({ 'nx.json': nxJson.replace('"nanosDir":"nanos"', '') });
    const run = workspace.nx('run bare:rehearse-vm');
    workspace.write({ 'nx.json': nxJson });
    expect(run.output).toContain('"targetDefaults": { "@package-vm/nx:package-vm": { "options": { "nanosDir":');
  });

  it('misses after a change that no file watcher sees, with the daemon too', () => {
    const daemon = { NX_DAEMON: 'true', CI: '' };
    workspace.write({ 'crates/bare/Cargo.toml': crate('bare', settings('inputs = ["secret/*.txt"]')), 'crates/bare/vm.json': manifest('bare'), 'crates/bare/secret/a.txt': 'one' });
    try {
      expect(workspace.nx('run bare:cargo-build', daemon).failure).toBe('');
      expect(workspace.nx('run bare:cargo-build', daemon).task('bare:cargo-build')).toBe('hit');
      workspace.write({ 'crates/bare/secret/a.txt': 'two' });
      expect(workspace.nx('run bare:cargo-build', daemon).task('bare:cargo-build')).toBe('miss');
      expect(workspace.read('.nx/workspace-data/d/daemon.log')).toMatch(/Handled \w+ message HASH_TASKS/);
    } finally {
      workspace.nx('daemon --stop', daemon);
    }
  });

  it('stops cargo and everything below it on Ctrl-C', async () => {
    const started = join(workspace.root, 'started');
    // a process group of its own, as a terminal gives it
    const nx = spawn(join(workspace.root, 'node_modules/.bin/nx'), ['run', 'slow:cargo-build'], { cwd: workspace.root, detached: true, stdio: 'ignore', env: { ...process.env, ...NX, NODE_OPTIONS: '' } });
    for (let tries = 0; tries < 300 && !existsSync(started); tries += 1) await wait(100);
    const script = Number(readFileSync(started, 'utf8'));
    process.kill(-(nx.pid ?? 0), 'SIGINT');
    if (nx.exitCode === null) await once(nx, 'exit');
    for (let tries = 0; tries < 50 && isRunning(script); tries += 1) await wait(100);
    expect(isRunning(script)).toBe(false);
    expect(commandsIn(workspace.root)).toEqual([]);
  });
});

const NX = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: '1', NX_CACHE_DIRECTORY: '.nx/cache' };

function isRunning(pid: number): boolean {
  return spawnSync('kill', ['-0', String(pid)]).status === 0;
}

/** What runs with this workspace in its command line. */
function commandsIn(root: string): readonly string[] {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(root));
}
