import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLockFile, readLockFile } from './lock-file.js';
import { type ReleaseRecord, formatLock, parseLock } from './nanos-lock.js';
import { addToLockFile } from './write-lock-file.js';

const SHA = '0123456789abcdef'.repeat(4);
const file = { sizeBytes: 512, sha256: SHA };
const record = (origin = 'folder'): ReleaseRecord => ({
  origin,
  files: new Map([
    ['klibs/tls', file],
    ['kernel.img', file],
    ['boot.img', file],
  ]),
});

const TEXT = `{
  "schemaVersion": 1,
  "releases": {
    "0.1.54": {
      "origin": "https://host/0.1.54/nanos-release-linux-0.1.54.tar.gz",
      "files": {
        "boot.img": {
          "size": 512,
          "sha256": "${SHA}"
        },
        "kernel.img": {
          "size": 512,
          "sha256": "${SHA}"
        },
        "klibs/tls": {
          "size": 512,
          "sha256": "${SHA}"
        }
      }
    }
  }
}
`;

describe('nanos.lock.json', () => {
  const lock = new Map([['0.1.54', record('https://host/0.1.54/nanos-release-linux-0.1.54.tar.gz')]]);

  it('is written sorted, with two spaces and a final newline', () => {
    expect(formatLock(lock)).toBe(TEXT);
  });

  it('is read as it was written', () => {
    expect(parseLock(TEXT, 'f')).toEqual(lock);
  });

  const edited = (path: readonly string[], value: unknown): string => {
    const root = JSON.parse(TEXT) as Record<string, unknown>;
    const parent = path.slice(0, -1).reduce((object, key) => object[key] as Record<string, unknown>, root);
    parent[path.at(-1) ?? ''] = value;
    return JSON.stringify(root);
  };
  const release = ['releases', '0.1.54'];
  const kernel = [...release, 'files', 'kernel.img'];
  const inKernel = 'releases["0.1.54"].files["kernel.img"]';

  it.each([
    { reason: 'no JSON', text: '<<<<<<< HEAD', message: '`f` is no JSON: ' },
    { reason: 'a list', text: '[]', message: 'In `f`, the content is [], expected an object' },
    { reason: 'nothing', text: 'null', message: 'the content is null' },
    { reason: 'another schema', text: edited(['schemaVersion'], 2), message: 'schemaVersion is 2, expected `1`' },
    { reason: 'an unknown key', text: edited(['x'], 1), message: 'a key of the file is "x", expected `schemaVersion` or `releases`' },
    { reason: 'a version that is a path', text: edited(['releases', '../0.1.54'], {}), message: 'a key of releases is "../0.1.54"' },
    { reason: 'a release that is none', text: edited(release, 'x'), message: 'releases["0.1.54"] is "x", expected an object' },
    { reason: 'an origin on this machine', text: edited([...release, 'origin'], '/home/me/nanos'), message: 'releases["0.1.54"].origin is "/home/me/nanos"' },
    { reason: 'an origin of another kind', text: edited([...release, 'origin'], 'file:///etc'), message: '.origin is "file:///etc"' },
    { reason: 'an origin with a password', text: edited([...release, 'origin'], 'https://me:x@host/'), message: 'without a user name' },
    { reason: 'a file that leads out', text: edited([...release, 'files', 'klibs/../x'], {}), message: 'a key of releases["0.1.54"].files is "klibs/../x"' },
    { reason: 'a hidden klib', text: edited([...release, 'files', 'klibs/.x'], {}), message: 'is "klibs/.x"' },
    { reason: 'a klib in a folder', text: edited([...release, 'files', 'klibs/a/b'], {}), message: 'is "klibs/a/b"' },
    { reason: 'no kernel', text: edited([...release, 'files'], { 'boot.img': { size: 1, sha256: SHA } }), message: `${inKernel} is missing, expected an object` },
    { reason: 'a negative size', text: edited([...kernel, 'size'], -1), message: `${inKernel}.size is -1, expected a number of bytes` },
    { reason: 'a size that is no whole number', text: edited([...kernel, 'size'], 1.5), message: `${inKernel}.size is 1.5` },
    { reason: 'a size as text', text: edited([...kernel, 'size'], '1'), message: `${inKernel}.size is "1"` },
    { reason: 'a digest in capitals', text: edited([...kernel, 'sha256'], SHA.toUpperCase()), message: '64 lower-case hexadecimal digits' },
    { reason: 'a digest that is too short', text: edited([...kernel, 'sha256'], SHA.slice(1)), message: `${inKernel}.sha256 is "123456` },
    { reason: 'a missing digest', text: edited(kernel, { size: 1 }), message: `${inKernel}.sha256 is missing` },
    { reason: 'too many releases', text: edited(['releases'], Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`0.0.${index}`, {}]))), message: 'the number of keys of releases is 101' },
  ])('with $reason is refused, with the place', ({ text, message }) => {
    expect(() => parseLock(text, 'f')).toThrow(expect.objectContaining({ code: 'PVM_BAD_NANOS_LOCK', message: expect.stringContaining(message) as unknown }) as Error);
  });
});

describe('a lock file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nanos-lock-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('that does not exist holds nothing', async () => {
    await expect(readLockFile(join(folder, 'nanos.lock.json'))).resolves.toEqual(new Map());
  });

  it.each([
    { reason: 'is a folder', make: (path: string) => { mkdirSync(path); }, message: 'EISDIR' },
    { reason: 'is too large', make: (path: string) => { writeFileSync(path, Buffer.alloc(5_000_000)); }, message: 'has 5000000 bytes' },
  ])('that $reason is refused', async ({ make, message }) => {
    const path = join(folder, 'nanos.lock.json');
    make(path);
    await expect(readLockFile(path)).rejects.toMatchObject({ code: 'PVM_BAD_NANOS_LOCK', message: expect.stringContaining(message) as unknown });
  });

  it('gets every release when many are added at once', async () => {
    const lockFile = join(folder, 'nanos.lock.json');
    const versions = Array.from({ length: 5 }, (_, index) => `0.1.${index}`);
    const onDifference = (): void => undefined;
    await Promise.all(versions.map((version) => addToLockFile({ lockFile, version, record: record(), onDifference })));
    expect([...parseLock(readFileSync(lockFile, 'utf8'), 'f').keys()]).toEqual(versions);
  });

  it.each([
    { reason: 'the nearest one upwards', files: ['a/nanos.lock.json', 'nanos.lock.json', 'a/b/nx.json'], from: 'a/b/c', found: 'a/nanos.lock.json' },
    { reason: 'else beside nx.json', files: ['nx.json', 'a/.git'], from: 'a/b', found: 'nanos.lock.json' },
    { reason: 'else at the root of the repository', files: ['a/.git'], from: 'a/b/c', found: 'a/nanos.lock.json' },
    { reason: 'else in the folder itself', files: [], from: 'a/b', found: 'a/b/nanos.lock.json' },
  ])('is looked for: $reason', ({ files, from, found }) => {
    mkdirSync(join(folder, from), { recursive: true });
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    for (const name of files) writeFileSync(join(folder, name), '');
    expect(findLockFile(join(folder, from))).toBe(join(folder, found));
  });
});
