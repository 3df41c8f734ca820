import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { keepJson, readKept } from '../plugin/keep-json.js';

/** Digests by path, each with the stamp that the file had. */
type Memory = Record<string, readonly [stamp: string, digest: string]>;

/** A change within this time may leave the stamp as it is (git's "racy" files). */
const RACY_MS = 2000;
const CHUNK_BYTES = 1 << 20;

/**
 * SHA-256 digests of files, remembered from one Nx command to the next: a file is read again only where its size, its times or
 * its place on the disk have changed. Without a file to keep them in they are computed each time.
 */
export class FileDigests {
  readonly #memoryFile: string | undefined;
  readonly #old: Memory;
  readonly #now: Memory = {};

  constructor(memoryFile?: string) {
    this.#memoryFile = memoryFile;
    this.#old = ((memoryFile === undefined ? undefined : readKept(memoryFile)) ?? {}) as Memory;
  }

  /** Undefined for what is no file or cannot be read. */
  of(path: string): string | undefined {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats?.isFile() !== true) return undefined;
    const key = resolve(path);
    const stamp = [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join(' ');
    const known = Object.hasOwn(this.#old, key) ? this.#old[key] : undefined;
    const digest = known?.[0] === stamp ? known[1] : digestFile(path);
    const isSettled = Date.now() - Number(stats.mtimeMs > stats.ctimeMs ? stats.mtimeMs : stats.ctimeMs) > RACY_MS;
    if (digest !== undefined && isSettled) this.#now[key] = [stamp, digest];
    return digest;
  }

  /** Keeps what was asked for. A folder that cannot be written is no error: the digests are computed again. */
  save(): void {
    if (this.#memoryFile !== undefined) keepJson(this.#memoryFile, this.#now);
  }
}

/** The digest of a file's content; undefined when it cannot be read. */
export function digestFile(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) hash.update(chunk.subarray(0, length));
    return hash.digest('hex');
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
