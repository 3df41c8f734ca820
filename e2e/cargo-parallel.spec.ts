// Many crates of one cargo workspace at once, and a build that is broken off. The real cargo; nothing is downloaded.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildBundle } from '../packages/package-vm/src/bundle/build-bundle.js';
import { crate } from './crate-files.js';

const COUNT = 40;
const AT_ONCE = 8;
const names = Array.from({ length: COUNT }, (_, index) => `prover-${index}`);

let folder: string;
const env = { ...process.env, RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined, CARGO_TARGET_DIR: undefined, CARGO_NET_OFFLINE: 'true' };
const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
};
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cargo-parallel-')));
  // a wrapper of rustc that notes what is compiled
  write({ 'wrapper.sh': `#!/bin/sh\nprintf '%s\\n' "$*" >> '${folder}/compiled'\nexec "$@"\n` });
  chmodSync(join(folder, 'wrapper.sh'), 0o755);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe(`${COUNT} crates of one cargo workspace, ${AT_ONCE} at once`, () => {
  it('are each built once, wait for each other and say so, and none gets the program of another', async () => {
    write({
      'ws/Cargo.toml': `[workspace]\nresolver = "2"\nmembers = ["field", ${names.map((name) => `"${name}"`).join(', ')}]\n`,
      'ws/field/Cargo.toml': crate('field'),
      'ws/field/src/lib.rs': 'pub fn double(n: u32) -> u32 { 2 * n }\n',
      ...Object.fromEntries(names.flatMap((name, index) => [
        // all programs have one name
        [`ws/${name}/Cargo.toml`, crate(name, '[[bin]]\nname = "prover"\npath = "main.rs"\n[dependencies]\nfield = { path = "../field" }\n')],
        [`ws/${name}/main.rs`, `fn main() { println!("${name} {}", field::double(${index})); }\n`],
      ])),
    });
    execFileSync('cargo', ['generate-lockfile', '--offline', '--quiet'], { cwd: join(folder, 'ws'), env });

    const messages: string[] = [];
    let output = '';
    const waiting = [...names];
    const work = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        await buildBundle({
          path: join(folder, 'ws', name),
          outputFolder: join(folder, 'dist', name),
          env: { ...env, RUSTC_WRAPPER: join(folder, 'wrapper.sh') },
          onProgress: (message) => messages.push(message),
          onOutput: (text) => (output += text),
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    const wrong = names.filter((name, index) => execFileSync(join(folder, 'dist', name, 'program'), { encoding: 'utf8' }) !== `${name} ${2 * index}\n`);
    expect(wrong).toEqual([]);
    const compiled = readFileSync(join(folder, 'compiled'), 'utf8').split('\n').flatMap((line) => /--crate-name (\w+) /.exec(line)?.[1] ?? []).filter((name) => name !== '___');
    expect(compiled.filter((name) => name === 'field')).toHaveLength(1);
    expect(compiled.filter((name) => name === 'prover')).toHaveLength(COUNT);
    // once for each that waits, and not in the words of cargo
    expect(new Set(messages)).toEqual(new Set([`Waiting for another build in \`${join(folder, 'ws/target')}\``]));
    expect(messages.length).toBeLessThanOrEqual(COUNT);
    expect(output).not.toMatch(/file lock on (build|artifact) directory/);
  }, 120_000);
});

describe('a build that is broken off', () => {
  /** Command lines of processes that have to do with this test's folder. */
  const running = (): readonly string[] =>
    readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) ? [line] : [];
      } catch {
        // it has ended meanwhile
        return [];
      }
    });
  const until = async (isReached: () => boolean): Promise<void> => {
    for (const end = Date.now() + 20_000; !isReached() && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  beforeAll(() => {
    write({
      'slow/Cargo.toml': crate('slow'),
      'slow/src/main.rs': 'fn main() {}\n',
      // a compiler that never ends, with a child of its own
      'slow.sh': `#!/bin/sh\ncase "$*" in *main.rs*) touch '${folder}/compiling'; tail -f '${folder}/slow/src/main.rs' & wait;; esac\nexec "$@"\n`,
    });
    chmodSync(join(folder, 'slow.sh'), 0o755);
    execFileSync('cargo', ['generate-lockfile', '--offline', '--quiet'], { cwd: join(folder, 'slow'), env });
  });
  beforeEach(() => {
    rmSync(join(folder, 'compiling'), { force: true });
  });

  it('leaves no cargo, no rustc and no lock behind', async () => {
    const controller = new AbortController();
    const build = buildBundle({ path: join(folder, 'slow'), outputFolder: join(folder, 'dist/slow'), env: { ...env, RUSTC_WRAPPER: join(folder, 'slow.sh') }, signal: controller.signal });
    const failure = build.then(() => undefined, (error: unknown) => error);
    await until(() => existsSync(join(folder, 'compiling')) && running().length >= 3);
    expect(running().length).toBeGreaterThanOrEqual(3);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'PVM_CANCELLED' });
    await until(() => running().length === 0);
    expect(running()).toEqual([]);
    expect(existsSync(join(folder, 'slow/target/.package-vm.lock'))).toBe(false);
    expect(existsSync(join(folder, 'dist/slow'))).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('does so on the command line, by %s', async (signal) => {
    write({ 'slow/vm.json': '{"Program": "slow", "ManifestPassthrough": {"readonly_rootfs": "true"}, "Mounts": {"%0": "/workspace"}}', 'nanos/kernel.img': 'x', 'nanos/boot.img': 'x' });
    const command = join(import.meta.dirname, '../packages/package-vm/dist/cli/main.js');
    const child = spawn(process.execPath, [command, 'build', join(folder, 'slow'), '--nanos-dir', join(folder, 'nanos')], { env: { ...env, RUSTC_WRAPPER: join(folder, 'slow.sh'), NODE_OPTIONS: '' }, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (code, by) => {
      resolve(by ?? code);
    }));
    await until(() => existsSync(join(folder, 'compiling')) && running().length >= 4);
    expect(running().length).toBeGreaterThanOrEqual(4);
    child.kill(signal);
    await ended;
    await until(() => running().length === 0);
    expect(running()).toEqual([]);
  });
});
