import { PackageVmError, errorCodeOf, errorMessageOf, isPackageVmError } from '@package-vm/errors';
import { closeSync, createReadStream, openSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type ReadEntry } from 'tar';
import { failed } from './download-archive.js';
import { isReleaseFileName, requiredFiles } from './nanos-lock.js';
import { type ReleaseFile } from './nanos-release.js';
import { publicUrl } from './upstream.js';
import { cacheWriteFailed, writing } from './write-failed.js';

export interface Unpacking {
  readonly archive: string;
  /** The folder to make; it must not exist. */
  readonly target: string;
  /** Where the archive came from, for messages. */
  readonly url: URL;
}

/** An official release has about 40 entries and a few ten MB. */
const MAX_ENTRIES = 1000;
export const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

const FILE_TYPES: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];

/**
 * Unpacks boot loader, kernel and klibs of a release archive (gzip, tar); other files in it are passed over. An archive that holds
 * anything but files and folders, or a path that leads out, is refused whole. Memory stays constant.
 *
 * @throws PVM_BAD_ARCHIVE, PVM_DOWNLOAD_FAILED when it is cut short, PVM_WRITE_FAILED
 */
export async function unpackArchive({ archive, target, url }: Unpacking): Promise<void> {
  const { Parser } = await import('tar');
  const writer = new EntryWriter(target);
  // without a listener for `error`, what the parser finds is thrown by `write` and `end`
  const parser = new Parser({ strict: true });
  const take = (entry: ReadEntry): void => {
    writer.take(entry);
  };
  // entries of unknown type are "ignored" by the parser, but refused here
  parser.on('entry', take).on('ignoredEntry', take);
  parser.on('eof', () => {
    writer.isAtEnd = true;
  });
  await writing(target, () => mkdir(join(target, 'klibs'), { recursive: true }));
  // ends both streams on a failure of either; what went wrong is thrown by the loop
  const chunks: AsyncIterable<Buffer> = pipeline(createReadStream(archive), createGunzip(), () => undefined);
  try {
    let unpackedBytes = 0;
    for await (const chunk of chunks) {
      // the parser would unpack a second layer without bounds
      if (unpackedBytes === 0 && chunk[0] === 0x1f) throw new Refusal('is compressed twice');
      unpackedBytes += chunk.length;
      if (unpackedBytes > MAX_UNPACKED_BYTES) throw new Refusal(`unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
      // the parser would collect what follows the end
      if (!writer.isAtEnd) parser.write(chunk);
    }
    parser.end();
  } catch (error) {
    throw explain(error, url);
  } finally {
    writer.close();
  }
}

/** Refuses an archive that lacks a file that every release has. @throws PVM_BAD_ARCHIVE */
export function checkComplete(files: readonly ReleaseFile[], url: URL): void {
  const missing = requiredFiles.filter((name) => !files.some((file) => file.name === name));
  if (missing.length > 0) throw badArchive(url, `holds no ${missing.map((name) => `\`${name}\``).join(' and no ')}`);
}

/** Writes the entries of one archive, one after the other and each at once, so that nothing piles up in memory. */
class EntryWriter {
  /** Whether the archive's mark of its end was seen. */
  isAtEnd = false;
  readonly #folder: string;
  readonly #seen = new Set<string>();
  #entries = 0;
  #fd: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  take(entry: ReadEntry): void {
    this.#entries += 1;
    if (this.#entries > MAX_ENTRIES) throw new Refusal(`holds more than ${MAX_ENTRIES} entries`);
    const name = checkEntry(entry);
    if (!isReleaseFileName(name) || entry.type === 'Directory') {
      entry.resume();
      return;
    }
    if (this.#seen.has(name)) throw new Refusal(`holds ${JSON.stringify(name)} twice`);
    this.#seen.add(name);
    this.#write(entry, join(this.#folder, name));
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #write(entry: ReadEntry, path: string): void {
    const guard = (action: () => void): void => {
      try {
        action();
      } catch (error) {
        throw cacheWriteFailed(path, error);
      }
    };
    guard(() => {
      this.#fd = openSync(path, 'wx');
    });
    entry.on('end', () => {
      this.close();
    });
    entry.on('data', (chunk) => {
      guard(() => {
        if (this.#fd !== undefined) writeFileSync(this.#fd, chunk);
      });
    });
  }
}

/** The path of an entry that is harmless. */
function checkEntry({ path, type }: ReadEntry): string {
  const shown = JSON.stringify(path.slice(0, 200));
  if (path.startsWith('/') || path.includes('\\') || path.includes('\0') || path.split('/').includes('..')) throw new Refusal(`holds ${shown}, which leads out of its folder`);
  if (!FILE_TYPES.includes(type) && type !== 'Directory') throw new Refusal(`holds ${shown}, which is a ${type}: only files and folders belong there`);
  return path.replace(/^(\.\/)+/, '');
}

/** What is wrong with an archive, as the end of a sentence. */
class Refusal extends Error {}

function explain(error: unknown, url: URL): PackageVmError {
  if (isPackageVmError(error)) return error;
  // zlib's code for an end of input in the middle
  if (errorCodeOf(error) === 'Z_BUF_ERROR') return failed(url, 'it is cut short', error);
  return error instanceof Refusal ? badArchive(url, error.message) : badArchive(url, `is no gzipped tar archive: ${errorMessageOf(error)}`, error);
}

function badArchive(url: URL, what: string, cause?: unknown): PackageVmError {
  return new PackageVmError('PVM_BAD_ARCHIVE', `The archive \`${publicUrl(url)}\` ${what}`, {
    hint: 'Nothing was installed; use another source, or a folder that holds the release with `--nanos-dir`.',
    cause,
  });
}
