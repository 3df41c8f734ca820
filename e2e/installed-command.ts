import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npmInstall, packPackages } from './packed-packages.js';

const repository = join(import.meta.dirname, '..');

export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the command, e.g. `unshare …`. */
  readonly before?: readonly string[];
}

/** `package-vm` as a user has it: packed, installed by npm into a folder of its own. */
export class InstalledCommand {
  /** For the tests' files; removed at the end. */
  readonly root: string;
  readonly path: string;

  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'package-vm-e2e-')));
    const folder = join(this.root, 'installed');
    mkdirSync(folder);
    const dependencies = packPackages(folder, { withNx: false });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'installed', version: '0.0.0', private: true, dependencies }));
    npmInstall(folder);
    this.path = join(folder, 'node_modules/.bin/package-vm');
  }

  run(args: readonly string[], { folder = '.', env = {}, before = [] }: CommandOptions = {}): CommandRun {
    const [program = '', ...rest] = [...before, this.path, ...args];
    const { status, stdout, stderr, error } = spawnSync(program, rest, { cwd: join(this.root, folder), env: this.#environment(env), encoding: 'utf8', timeout: 60_000 });
    if (error !== undefined) throw error;
    return { exitCode: status, stdout, stderr };
  }

  /** Starts the command and ends it with a signal after a time, or as soon as something is so. Gives its exit code, or the signal. */
  interrupt(args: readonly string[], signal: NodeJS.Signals, when: number | (() => boolean)): Promise<number | NodeJS.Signals | null> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.path, args, { cwd: this.root, env: this.#environment({}), stdio: 'ignore' });
      const timer = typeof when === 'number' ? setTimeout(() => child.kill(signal), when) : setInterval(() => when() && child.kill(signal), 2);
      child.on('error', reject);
      child.on('exit', (code, ended) => {
        clearInterval(timer);
        resolve(ended ?? code);
      });
    });
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  read(path: string): Buffer {
    return readFileSync(join(this.root, path));
  }

  /** Puts a small static program there. */
  writeProgram(path: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    copyFileSync(join(repository, 'packages/disk-image/src/testing/golden/hello'), join(this.root, path));
  }

  /** A release that no machine boots: enough for everything but running it. */
  writeRelease(path: string): void {
    const bootLoader = Buffer.alloc(512);
    bootLoader.writeUInt16LE(0xaa55, 510);
    this.write({ [`${path}/boot.img`]: bootLoader, [`${path}/kernel.img`]: 'no kernel', [`${path}/klibs/ntp`]: 'no klib', [`${path}/VERSION`]: '0.1.54' });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const { NODE_OPTIONS: _ours, ...inherited } = process.env;
    return { ...inherited, XDG_CACHE_HOME: join(this.root, 'cache'), NO_COLOR: '1', FORCE_COLOR: undefined, ...env };
  }
}
