import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A self-hosted Nx cache server on the loopback interface, whose archives can be damaged; see `cache-double.mjs`. */
export class CacheServer {
  /** The variables that make Nx use it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, process: ChildProcess, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#process = process;
    this.env = env;
  }

  static async start(): Promise<CacheServer> {
    const folder = mkdtempSync(join(tmpdir(), 'package-vm-cache-'));
    const token = 'a-token-of-a-test';
    const server = spawn(process.execPath, [join(import.meta.dirname, 'cache-double.mjs'), folder, token], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
    const [port] = (await once(server.stdout, 'data')) as [Buffer];
    return new CacheServer(folder, server, { NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${port.toString().trim()}`, NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token });
  }

  keys(): readonly string[] {
    return readdirSync(this.#folder).filter((name) => /^\d+$/.test(name));
  }

  /** Path of an archive: a tar.gz of a task's outputs. */
  archive(key: string): string {
    return join(this.#folder, key);
  }

  /** All archives, to be put back with {@link restore}. */
  contents(): ReadonlyMap<string, Buffer> {
    return new Map(this.keys().map((key) => [key, readFileSync(this.archive(key))]));
  }

  restore(contents: ReadonlyMap<string, Buffer>): void {
    this.misbehave(undefined);
    for (const key of this.keys()) rmSync(this.archive(key));
    for (const [key, bytes] of contents) writeFileSync(this.archive(key), bytes);
  }

  /** `slow <ms>`, `status <code>` or `cut`, until undefined is given. */
  misbehave(fault: string | undefined): void {
    if (fault === undefined) rmSync(join(this.#folder, 'fault'), { force: true });
    else writeFileSync(join(this.#folder, 'fault'), fault);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
    rmSync(this.#folder, { recursive: true });
  }
}
