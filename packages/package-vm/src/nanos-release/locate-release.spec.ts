import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installRelease } from './install-release.js';
import { listReleases } from './list-releases.js';
import { locateRelease } from './locate-release.js';
import { lockRelease } from './lock-release.js';
import { archiveOf, releaseFiles } from './testing/made-up-release.js';
import { ReleaseServer } from './testing/release-server.js';

const version = '0.1.54';

let folder: string;
let cacheFolder: string;
let lockFile: string;
let server: ReleaseServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'locate-release-'));
  cacheFolder = join(folder, 'cache');
  lockFile = join(folder, 'nanos.lock.json');
  server = await ReleaseServer.start({ [version]: archiveOf(), '0.1.53': archiveOf() });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const install = (more: object = {}) => installRelease({ version, baseUrl: server.baseUrl, cacheFolder, lockFile, ...more });
const locate = (more: object = {}) => locateRelease({ cacheFolder, lockFile, ...more });

/** A folder of the user's own that holds a release. */
function makeFolder(name: string, more: Readonly<Record<string, string>> = {}): string {
  const nanosDir = join(folder, name);
  for (const [path, content] of Object.entries({ ...releaseFiles, ...more })) {
    mkdirSync(dirname(join(nanosDir, path)), { recursive: true });
    writeFileSync(join(nanosDir, path), content);
  }
  return nanosDir;
}

describe('a release in the cache', () => {
  it('is the one that the lock names, verified, without the network', async () => {
    const origin = server.urlOf(version);
    await install();
    await server.stop();
    await expect(locate()).resolves.toMatchObject({ version, isLocked: true, origin });
  });

  it('works without being locked, and tells so', async () => {
    await install({ lockFile: undefined });
    await expect(locate({ version })).resolves.toMatchObject({ version, isLocked: false });
  });

  it('is not used unless it was named or locked', async () => {
    await install({ lockFile: undefined });
    await expect(locate()).rejects.toMatchObject({ code: 'PVM_NO_NANOS_RELEASE', hint: 'Run `package-vm nanos install 0.1.54`.' });
  });

  it.each([
    { reason: 'changed, against the lock', isLocked: true, damage: (path: string) => { writeFileSync(path, 'x'); }, message: 'is not what `nanos.lock.json` says: expected 3 bytes with sha256 ' },
    { reason: 'changed, against its record', isLocked: false, damage: (path: string) => { writeFileSync(path, 'x'); }, message: 'is not what `its record in the cache` says' },
    { reason: 'missing', isLocked: true, damage: (path: string) => { rmSync(path); }, message: 'found no such file' },
    { reason: 'changed without its size', isLocked: true, damage: (path: string) => { writeFileSync(path, 'ntq'); }, message: 'found 3 bytes with sha256 ' },
  ])('with a file $reason is refused', async ({ isLocked, damage, message }) => {
    await install(isLocked ? {} : { lockFile: undefined });
    damage(join(cacheFolder, version, 'klibs', 'ntp'));
    await expect(locate({ version })).rejects.toMatchObject({
      code: 'PVM_NANOS_DIGEST_MISMATCH',
      message: expect.stringContaining(message) as unknown,
      hint: 'Run `package-vm nanos install 0.1.54`, which fetches it again.',
      data: expect.objectContaining({ files: [expect.objectContaining({ name: 'klibs/ntp' })] }) as unknown,
    });
  });

  it('with a klib that was not installed is refused', async () => {
    await install();
    writeFileSync(join(cacheFolder, version, 'klibs', 'extra'), 'x');
    await expect(locate()).rejects.toMatchObject({ code: 'PVM_NANOS_DIGEST_MISMATCH', message: expect.stringContaining('expected no such file, found 1 bytes') as unknown });
  });
});

describe('a locked release that is not in the cache', () => {
  beforeEach(async () => {
    await install();
    rmSync(cacheFolder, { recursive: true });
  });

  it('is fetched from where it came from', async () => {
    await expect(locate()).resolves.toMatchObject({ version, isLocked: true });
    expect(server.requests).toHaveLength(2);
  });

  it('is fetched from a mirror that is named', async () => {
    const mirror = await ReleaseServer.start({ [version]: archiveOf() });
    await expect(locate({ baseUrl: mirror.baseUrl })).resolves.toMatchObject({ origin: server.urlOf(version) });
    expect([server.requests.length, mirror.requests.length]).toEqual([1, 1]);
    await mirror.stop();
  });

  it('is not fetched when offline', async () => {
    await expect(locate({ offline: true })).rejects.toMatchObject({ code: 'PVM_OFFLINE', hint: 'Run `package-vm nanos install 0.1.54` once while online.' });
    expect(server.requests).toHaveLength(1);
  });

  it('is refused when the server gives other files', async () => {
    server.answers = { [version]: archiveOf([{ path: 'boot.img', content: 'x' }, { path: 'kernel.img', content: 'x' }]) };
    await expect(locate()).rejects.toMatchObject({ code: 'PVM_NANOS_DIGEST_MISMATCH', message: expect.stringContaining('(and 3 more)') as unknown });
  });

  it('leaves the other versions alone: an unlocked one is never fetched', async () => {
    await expect(locate({ version: '0.1.53' })).rejects.toMatchObject({ code: 'PVM_NO_NANOS_RELEASE', hint: 'Run `package-vm nanos install 0.1.53`.' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('the choice of a release', () => {
  it('must be made when several are locked', async () => {
    await install();
    await install({ version: '0.1.53' });
    await expect(locate()).rejects.toMatchObject({ code: 'PVM_NO_NANOS_RELEASE', message: expect.stringContaining('holds several: 0.1.53, 0.1.54') as unknown });
    await expect(locate({ version: '0.1.53' })).resolves.toMatchObject({ version: '0.1.53' });
  });

  it('refuses what is no version', async () => {
    await expect(locate({ version: '../x' })).rejects.toMatchObject({ code: 'PVM_BAD_NANOS_VERSION', hint: expect.stringContaining('nanos list') as unknown });
  });
});

describe('a folder of the user', () => {
  it.each([
    { reason: 'its name', name: '0.1.55', more: {}, expected: '0.1.55' },
    { reason: 'its file VERSION, before its name', name: '0.1.55', more: { VERSION: '0.1.56\n' }, expected: '0.1.56' },
    { reason: 'the version beside it', name: 'mine', more: {}, named: '0.1.50', expected: '0.1.50' },
    { reason: 'the folder, before the version beside it', name: '0.1.55', more: {}, named: '0.1.50', expected: '0.1.55' },
    { reason: 'nothing', name: 'mine', more: {}, expected: 'folder' },
    { reason: 'the marker of a placeholder', name: '0.1.55', more: { PLACEHOLDER: '' }, expected: 'placeholder' },
  ])('has a version by $reason', async ({ name, more, named, expected }) => {
    const nanosDir = makeFolder(name, more);
    await expect(locate({ nanosDir, version: named })).resolves.toMatchObject({
      version: expected,
      origin: 'folder',
      isLocked: false,
      isPlaceholder: expected === 'placeholder',
      files: Object.keys(releaseFiles).map((path) => expect.objectContaining({ name: path, hostPath: join(nanosDir, path) }) as unknown),
    });
  });

  it('goes before the lock and the cache', async () => {
    await install();
    await expect(locate({ nanosDir: makeFolder('mine', { 'klibs/own': 'x' }) })).resolves.toMatchObject({ version: 'folder', isLocked: false });
  });

  it('is known by its files where the lock has the same', async () => {
    await install();
    await expect(locate({ nanosDir: makeFolder('mine') })).resolves.toMatchObject({ version, isLocked: true });
  });

  it('may hold links and hidden files and folders', async () => {
    const nanosDir = makeFolder('mine', { 'klibs/.DS_Store': '', 'klibs/sub/x': '' });
    symlinkSync('ntp', join(nanosDir, 'klibs', 'ntp2'));
    const { files } = await locate({ nanosDir });
    expect(files.map(({ name }) => name)).toEqual(['boot.img', 'kernel.img', 'klibs/ntp', 'klibs/ntp2', 'klibs/tls']);
  });

  it.each([
    { reason: 'does not exist', make: () => undefined, message: 'there is no such folder' },
    { reason: 'is a file', make: (path: string) => { writeFileSync(path, ''); }, message: 'it is no folder' },
    { reason: 'is empty', make: (path: string) => { mkdirSync(path); }, message: '`boot.img` and `kernel.img` missing, the folder is empty' },
    { reason: 'holds something else', make: (path: string) => mkdirSync(join(path, 'boot.img'), { recursive: true }), message: '`boot.img` and `kernel.img` missing, found `boot.img`' },
  ])('that $reason is refused', async ({ make, message }) => {
    const nanosDir = join(folder, 'none');
    make(nanosDir);
    await expect(locate({ nanosDir })).rejects.toMatchObject({
      code: 'PVM_BAD_NANOS_FOLDER', message: expect.stringContaining(message) as unknown, hint: expect.stringContaining('Name the folder that holds') as unknown,
    });
  });

  it('is refused when its VERSION is none', async () => {
    await expect(locate({ nanosDir: makeFolder('mine', { VERSION: 'main' }) })).rejects.toMatchObject({
      code: 'PVM_BAD_NANOS_VERSION', message: expect.stringContaining('mine/VERSION` is "main"') as unknown, hint: expect.stringContaining('Correct that file') as unknown,
    });
  });

  it('is held to the lock', async () => {
    await install();
    const nanosDir = makeFolder(version, { 'kernel.img': 'other' });
    await expect(locate({ nanosDir })).rejects.toMatchObject({ code: 'PVM_NANOS_DIGEST_MISMATCH', hint: 'Leave out `--nanos-dir` to use the release that was locked.' });
  });
});

describe('lockRelease', () => {
  it('locks a version of the cache, trusting it', async () => {
    await install({ lockFile: undefined });
    await expect(lockRelease({ version, lockFile, cacheFolder })).resolves.toMatchObject({ isLocked: true, lockChange: 'added' });
    await expect(lockRelease({ version, lockFile, cacheFolder })).resolves.toMatchObject({ lockChange: 'unchanged' });
    await expect(locate()).resolves.toMatchObject({ isLocked: true, origin: server.urlOf(version) });
  });

  it('locks a folder without its path, and again after it changed', async () => {
    const nanosDir = makeFolder('mine');
    await expect(lockRelease({ nanosDir, lockFile })).resolves.toMatchObject({ version: 'folder', lockChange: 'added' });
    expect(readFileSync(lockFile, 'utf8')).not.toContain(folder);
    writeFileSync(join(nanosDir, 'kernel.img'), 'changed');
    await expect(locate({ nanosDir })).rejects.toMatchObject({ code: 'PVM_NANOS_DIGEST_MISMATCH', hint: expect.stringContaining('lock it again') as unknown });
    await expect(lockRelease({ nanosDir, lockFile })).resolves.toMatchObject({ lockChange: 'replaced' });
    await expect(locate({ nanosDir })).resolves.toMatchObject({ isLocked: true });
  });

  it('asks for the folder of a release that was locked from one', async () => {
    await lockRelease({ nanosDir: makeFolder('mine'), lockFile });
    await expect(locate()).rejects.toMatchObject({ code: 'PVM_NO_NANOS_RELEASE', hint: 'Name the folder with `--nanos-dir`.' });
  });

  it('never replaces a version that was downloaded', async () => {
    await install();
    const nanosDir = makeFolder(version, { 'kernel.img': 'other' });
    await expect(lockRelease({ nanosDir, lockFile })).rejects.toMatchObject({ code: 'PVM_NANOS_DIGEST_MISMATCH' });
  });

  it('needs a release', async () => {
    await expect(lockRelease({ version, lockFile, cacheFolder })).rejects.toMatchObject({ code: 'PVM_NO_NANOS_RELEASE' });
  });
});

describe('listReleases', () => {
  it('lists what is in the cache and what is only locked', async () => {
    await install();
    rmSync(cacheFolder, { recursive: true });
    await install({ version: '0.1.53', lockFile: undefined });
    mkdirSync(join(cacheFolder, '0.1.9'));
    await expect(listReleases({ lockFile, cacheFolder })).resolves.toEqual([
      { version: '0.1.53', origin: server.urlOf('0.1.53'), folder: join(cacheFolder, '0.1.53'), isLocked: false },
      { version, origin: server.urlOf(version), folder: undefined, isLocked: true },
    ]);
  });

  it('lists nothing where nothing is', async () => {
    await expect(listReleases({ lockFile, cacheFolder })).resolves.toEqual([]);
  });
});
