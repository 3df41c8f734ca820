import { LockReader } from './lock-reader.js';
import { type ReleaseFile } from './nanos-release.js';
import { isNanosVersion } from './release-version.js';

/** What a file of a release is. */
export type FileRecord = Pick<ReleaseFile, 'sizeBytes' | 'sha256'>;

/** What is known of one release: where it came from and what its files are. */
export interface ReleaseRecord {
  /** The URL of its archive, or `folder`. Never a path of a machine. */
  readonly origin: string;
  /** `boot.img`, `kernel.img`, `klibs/<name>`. */
  readonly files: ReadonlyMap<string, FileRecord>;
}

/** The releases of a `nanos.lock.json` by version, or by the word `folder` or `placeholder`. */
export type NanosLock = ReadonlyMap<string, ReleaseRecord>;

export const requiredFiles = ['boot.img', 'kernel.img'] as const;

/** A klib's name: the name of a file, never a path. */
const KLIB_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/** A release has about 40 files; a lock holds the few versions that are in use. */
const MAX_RELEASES = 100;
export const MAX_FILES = 1000;

const SCHEMA_VERSION = 1;

/** Whether a release may hold a file of this name. */
export function isReleaseFileName(name: string): boolean {
  return requiredFiles.some((required) => required === name) || (name.startsWith('klibs/') && KLIB_NAME.test(name.slice('klibs/'.length)));
}

/** The text of a `nanos.lock.json`: sorted, two spaces, a final newline, the same for the same releases. */
export function formatLock(lock: NanosLock): string {
  const releases = sorted(lock).map(([version, { origin, files }]) => [
    version,
    { origin, files: Object.fromEntries(sorted(files).map(([name, { sizeBytes, sha256 }]) => [name, { size: sizeBytes, sha256 }])) },
  ]);
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, releases: Object.fromEntries(releases) as unknown }, undefined, 2)}\n`;
}

/**
 * Reads the text of a `nanos.lock.json` strictly: no unknown keys, no values out of range. `file` is its name in messages.
 *
 * @throws PVM_BAD_NANOS_LOCK with the place
 */
export function parseLock(text: string, file: string): NanosLock {
  const reader = new LockReader(file);
  const root = reader.object(reader.json(text), '', ['schemaVersion', 'releases']);
  if (root.schemaVersion !== SCHEMA_VERSION) throw reader.fault('schemaVersion', root.schemaVersion, `\`${SCHEMA_VERSION}\``);
  const releases = reader.entries(root.releases, 'releases', MAX_RELEASES);
  return new Map(
    releases.map(([key, value]) => {
      const place = `releases[${JSON.stringify(key)}]`;
      if (!isNanosVersion(key) && key !== 'folder' && key !== 'placeholder') throw reader.fault('a key of releases', key, 'a version such as `0.1.54`, `folder` or `placeholder`');
      return [key, parseRelease(reader, value, place)];
    }),
  );
}

function parseRelease(reader: LockReader, value: unknown, place: string): ReleaseRecord {
  const { origin, files } = reader.object(value, place, ['origin', 'files']);
  if (typeof origin !== 'string' || !isOrigin(origin)) throw reader.fault(`${place}.origin`, origin, '`folder` or an `https://` or `http://` URL without a user name');
  const entries = reader.entries(files, `${place}.files`, MAX_FILES).map(([name, file]): [string, FileRecord] => {
    if (!isReleaseFileName(name)) throw reader.fault(`a key of ${place}.files`, name, '`boot.img`, `kernel.img` or `klibs/<name>`');
    return [name, parseFile(reader, file, `${place}.files[${JSON.stringify(name)}]`)];
  });
  const record = { origin, files: new Map(entries) };
  const missing = requiredFiles.find((name) => !record.files.has(name));
  if (missing !== undefined) throw reader.fault(`${place}.files[${JSON.stringify(missing)}]`, undefined, 'an object');
  return record;
}

function parseFile(reader: LockReader, value: unknown, place: string): FileRecord {
  const { size, sha256 } = reader.object(value, place, ['size', 'sha256']);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw reader.fault(`${place}.size`, size, 'a number of bytes');
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw reader.fault(`${place}.sha256`, sha256, '64 lower-case hexadecimal digits');
  return { sizeBytes: size, sha256 };
}

function isOrigin(text: string): boolean {
  if (text === 'folder') return true;
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
