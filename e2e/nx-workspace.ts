import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npmInstall, packPackages } from './packed-packages.js';

const repository = join(import.meta.dirname, '..');

/** What makes Nx behave alike everywhere: no daemon, no cloud, a cache in the workspace, plain output. */
const NX_ENVIRONMENT = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: '1', NX_CACHE_DIRECTORY: '.nx/cache', FORCE_COLOR: '0', npm_config_update_notifier: 'false' };

export interface NxRun {
  readonly exitCode: number | null;
  /** Standard output and error. */
  readonly output: string;
  /** The output of a run that failed, empty for one that did not. */
  readonly failure: string;
  /** What became of an Nx task. */
  readonly task: (name: string) => 'hit' | 'miss' | 'absent';
}

/** An Nx workspace in a temporary folder, with this repository's packed packages installed as a user would have them. */
export class NxWorkspace {
  readonly root: string;
  /** Whether Nx gives each plugin a process, as it does for users; without, each run takes half the time. */
  isolatesPlugins = false;

  constructor(root: string = realpathSync(mkdtempSync(join(tmpdir(), 'package-vm-e2e-')))) {
    this.root = root;
  }

  /** Packs the built packages and installs them with Nx; takes some seconds. */
  install(): void {
    const ours = packPackages(this.root, { withNx: true });
    this.write({
      'package.json': JSON.stringify({ name: 'workspace', version: '0.0.0', private: true, devDependencies: { ...nxPackages(), ...ours } }),
      'nx.json': JSON.stringify({ analytics: false }),
      '.gitignore': 'node_modules\n.nx\n*.tgz\n',
    });
    npmInstall(this.root);
  }

  /** Installs everything, with the placeholder release locked as a user would lock a folder, and commits it with the files. */
  prepare(files: Readonly<Record<string, string>>): void {
    this.install();
    this.write(files);
    expect(this.nx('g @package-vm/nx:init').failure).toBe('');
    execFileSync(process.execPath, [join(repository, 'examples/placeholder-release/build.mjs'), join(this.root, 'nanos')], { stdio: 'ignore' });
    this.run('package-vm', ['nanos', 'lock', '--nanos-dir', 'nanos']);
    const nxJson = JSON.parse(this.read('nx.json')) as object;
    this.write({ 'nx.json': JSON.stringify({ ...nxJson, targetDefaults: { '@package-vm/nx:package-vm': { options: { nanosDir: 'nanos' } } } }) });
    this.git('init', '-q', '-b', 'main');
    this.git('add', '-A');
    this.git('commit', '-qm', 'start');
  }

  /** The same commit with the same installed packages in another folder; nothing that was built, no cache. */
  clone(): NxWorkspace {
    const clone = new NxWorkspace(`${this.root}-clone`);
    this.git('clone', '-q', this.root, clone.root);
    for (const path of ['node_modules', 'nanos']) cpSync(join(this.root, path), join(clone.root, path), { recursive: true, verbatimSymlinks: true });
    return clone;
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** Digests of all files below a folder, by path. */
  digests(folder: string): Readonly<Record<string, string>> {
    const paths = readdirSync(join(this.root, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(paths.sort().map((path) => [path.slice(this.root.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')]));
  }

  /** The keys under which Nx keeps results of this workspace. */
  cacheKeys(): readonly string[] {
    return readdirSync(join(this.root, '.nx/cache')).filter((name) => /^\d+$/.test(name));
  }

  run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, folder = '.'): { exitCode: number | null; output: string } {
    const path = `${join(this.root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: join(this.root, folder),
      // what Jest sets is not what a user has
      env: { ...process.env, NODE_OPTIONS: undefined, NODE_ENV: undefined, JEST_WORKER_ID: undefined, ...NX_ENVIRONMENT, NX_ISOLATE_PLUGINS: String(this.isolatesPlugins), PATH: path, ...env },
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (error !== undefined) throw error;
    return { exitCode: status, output: `${stdout}${stderr}` };
  }

  nx(args: string, env: Readonly<Record<string, string>> = {}, folder = '.'): NxRun {
    const { exitCode, output } = this.run('nx', args.split(' '), env, folder);
    const task = (name: string): 'hit' | 'miss' | 'absent' => {
      const line = output.split('\n').find((text) => /^\s*(>|✔|✖)\s+nx run (\S+)/.exec(text)?.[2] === name);
      if (line === undefined) return 'absent';
      return /\[(local|remote) cache\]|\[existing outputs match the cache/.test(line) ? 'hit' : 'miss';
    };
    return { exitCode, output, failure: exitCode === 0 ? '' : output, task };
  }

  git(...args: readonly string[]): void {
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: this.root, stdio: 'ignore' });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Nx as this repository has it, or the versions that `PACKAGE_VM_TEST_NX` names: `<nx>` or `<nx>,<@nx/devkit>`, e.g. `24.0.6,24.0.0`. */
export function nxPackages(): Readonly<Record<string, string | undefined>> {
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  const [nx, devkit = nx] = process.env.PACKAGE_VM_TEST_NX?.split(',') ?? [devDependencies.nx, devDependencies['@nx/devkit']];
  return { nx, '@nx/devkit': devkit };
}
