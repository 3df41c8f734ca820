import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { installRelease } from './install-release.js';
import { locateRelease } from './locate-release.js';
import { type TarEntry, archiveOf, releaseEntries, releaseFiles, sha256, tarOf } from './testing/made-up-release.js';
import { ReleaseServer } from './testing/release-server.js';

const VERSION = '0.1.54';

let folder: string;
let cacheFolder: string;
let lockFile: string;
let server: ReleaseServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'install-release-'));
  cacheFolder = join(folder, 'cache', 'nanos');
  lockFile = join(folder, 'nanos.lock.json');
  server = await ReleaseServer.start({ [VERSION]: archiveOf() });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const install = (more: Partial<Parameters<typeof installRelease>[0]> = {}) =>
  installRelease({ version: VERSION, baseUrl: server.baseUrl, cacheFolder, lockFile, ...more });

/** What is in the cache, at any depth. */
const cached = (): string[] => (existsSync(cacheFolder) ? readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' }).sort() : []);

const WHOLE = ['0.1.54', '0.1.54/boot.img', '0.1.54/kernel.img', '0.1.54/klibs', '0.1.54/klibs/ntp', '0.1.54/klibs/tls', '0.1.54/release.json'];

describe('installRelease', () => {
  it('puts boot loader, kernel and klibs into the cache and locks them', async () => {
    const release = await install();
    expect(release).toMatchObject({ version: VERSION, origin: server.urlOf(VERSION), isLocked: true, isPlaceholder: false, lockChange: 'added' });
    expect(release.files.map(({ name, hostPath, sha256 }) => [name, hostPath, sha256])).toEqual(
      Object.entries(releaseFiles).map(([name, content]) => [name, join(cacheFolder, VERSION, name), sha256(content)]),
    );
    expect(cached()).toEqual(WHOLE);
    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toEqual({
      schemaVersion: 1,
      releases: {
        [VERSION]: {
          origin: server.urlOf(VERSION),
          files: Object.fromEntries(Object.entries(releaseFiles).map(([name, content]) => [name, { size: content.length, sha256: sha256(content) }])),
        },
      },
    });
  });

  it('needs no network when everything is there', async () => {
    await install();
    const text = readFileSync(lockFile, 'utf8');
    await expect(install()).resolves.toMatchObject({ lockChange: 'unchanged' });
    expect(server.requests).toHaveLength(1);
    expect(readFileSync(lockFile, 'utf8')).toBe(text);
  });

  it('tells how far it is', async () => {
    const steps: string[] = [];
    let receivedBytes = 0;
    await install({
      onProgress: (progress) => {
        steps.push(progress.step);
        if (progress.step === 'downloading') receivedBytes = progress.receivedBytes;
      },
    });
    expect([...new Set(steps)]).toEqual(['downloading', 'unpacking']);
    expect(receivedBytes).toBe(archiveOf().length);
  });

  it('accepts an archive whose paths begin with `./`', async () => {
    server.answers = { [VERSION]: archiveOf(releaseEntries().map((entry) => ({ ...entry, path: `./${entry.path}` }))) };
    await install();
    expect(cached()).toEqual(WHOLE);
  });

  it('only fills the cache without a lock file to write', async () => {
    await expect(installRelease({ version: VERSION, baseUrl: server.baseUrl, cacheFolder })).resolves.toMatchObject({ isLocked: false, lockChange: 'none' });
    expect(existsSync(lockFile)).toBe(false);
  });

  it('takes the mirror that the environment names', async () => {
    process.env.PACKAGE_VM_NANOS_MIRROR = `${server.baseUrl}/`;
    try {
      await installRelease({ version: VERSION, cacheFolder });
    } finally {
      delete process.env.PACKAGE_VM_NANOS_MIRROR;
    }
    expect(cached()).toEqual(WHOLE);
  });

  it('sends the password of a mirror and keeps it out of the lock', async () => {
    let authorization: string | undefined;
    server.answers = {
      [VERSION]: (request, response) => {
        authorization = request.headers.authorization;
        response.end(archiveOf());
      },
    };
    const release = await install({ baseUrl: server.baseUrl.replace('//', '//me:s%20cret@') });
    expect(authorization).toBe(`Basic ${Buffer.from('me:s cret').toString('base64')}`);
    expect(release.origin).toBe(server.urlOf(VERSION));
    expect(readFileSync(lockFile, 'utf8')).not.toContain('cret');
  });

  it.each(['kernel.img', 'release.json'])('replaces a copy whose %s is damaged', async (name) => {
    await install();
    writeFileSync(join(cacheFolder, VERSION, name), 'damaged');
    await install();
    expect(readFileSync(join(cacheFolder, VERSION, 'kernel.img'), 'utf8')).toBe(releaseFiles['kernel.img']);
    expect(cached()).toEqual(WHOLE);
  });

  it('refuses other files than the locked ones and keeps what is there', async () => {
    await install();
    const text = readFileSync(lockFile, 'utf8');
    rmSync(cacheFolder, { recursive: true });
    server.answers = { [VERSION]: archiveOf(releaseEntries({ ...releaseFiles, 'kernel.img': 'evil' })) };
    await expect(install()).rejects.toMatchObject({
      code: 'PVM_NANOS_DIGEST_MISMATCH',
      message: expect.stringContaining(`\`kernel.img\` of Nanos ${VERSION} in \`${server.urlOf(VERSION)}\` is not what \`nanos.lock.json\` says`) as unknown,
    });
    expect(cached()).toEqual([]);
    expect(readFileSync(lockFile, 'utf8')).toBe(text);
  });

  it('locks two versions side by side, sorted', async () => {
    server.answers = { '0.1.55': archiveOf(), [VERSION]: archiveOf() };
    await Promise.all([install({ version: '0.1.55' }), install()]);
    expect(Object.keys((JSON.parse(readFileSync(lockFile, 'utf8')) as { releases: object }).releases)).toEqual([VERSION, '0.1.55']);
  });

  it('downloads once when two calls want the same version', async () => {
    const steps: string[] = [];
    const [first, second] = await Promise.all([install(), install({ onProgress: ({ step }) => steps.push(step) })]);
    expect(first.files).toEqual(second.files);
    expect(server.requests).toHaveLength(1);
    expect(cached()).toEqual(WHOLE);
  });
});

describe('a download that fails', () => {
  it.each([
    { reason: 'a version that does not exist', status: 404, code: 'PVM_NO_SUCH_NANOS_VERSION', message: 'There is no Nanos 0.1.54: the server answered 404 for' },
    { reason: 'a bucket that hides its names', status: 403, code: 'PVM_NO_SUCH_NANOS_VERSION', message: 'the server answered 403' },
    { reason: 'a server in trouble', status: 503, code: 'PVM_DOWNLOAD_FAILED', message: 'the server answered 503' },
  ])('names $reason', async ({ status, code, message }) => {
    server.answers = { [VERSION]: (_, response) => response.writeHead(status).end() };
    await expectFailure(install(), code, message);
  });

  it('suggests the recommended version for one that does not exist', async () => {
    await expect(install({ version: '9.9.9' })).rejects.toMatchObject({ hint: 'Install the recommended version with `package-vm nanos install 0.1.54`.' });
  });

  it('names a connection that ends before the announced length', async () => {
    const archive = archiveOf();
    server.answers = {
      [VERSION]: (_, response) => {
        response.writeHead(200, { 'content-length': archive.length });
        response.write(archive.subarray(0, 100), () => response.destroy());
      },
    };
    await expectFailure(install(), 'PVM_DOWNLOAD_FAILED', 'Could not download');
  });

  it('names an archive that was cut short on the server', async () => {
    server.answers = { [VERSION]: archiveOf().subarray(0, 150) };
    await expectFailure(install(), 'PVM_DOWNLOAD_FAILED', 'it is cut short');
  });

  it('names a server that cannot be reached', async () => {
    await server.stop();
    await expectFailure(installRelease({ version: VERSION, baseUrl: 'http://127.0.0.1:1/', cacheFolder, lockFile }), 'PVM_DOWNLOAD_FAILED', 'Could not download `http://127.0.0.1:1/0.1.54/nanos-release-linux-0.1.54.tar.gz`: ');
  });

  it('refuses an archive that is announced as too large', async () => {
    server.answers = { [VERSION]: (_, response) => response.writeHead(200, { 'content-length': 200_000_000 }).write('x') };
    await expectFailure(install(), 'PVM_DOWNLOAD_FAILED', 'it has 200000000 bytes, expected at most 134217728');
  });

  it('stops on request', async () => {
    server.answers = { [VERSION]: (_, response) => response.writeHead(200).write('x') };
    const controller = new AbortController();
    const call = install({
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expectFailure(call, 'PVM_CANCELLED', 'stopped on request');
  });

  it('does not start once cancelled', async () => {
    await expectFailure(install({ signal: AbortSignal.abort() }), 'PVM_CANCELLED', 'Stopped on request');
    expect(server.requests).toEqual([]);
  });
});

describe('an archive that is refused', () => {
  const withEntry = (entry: TarEntry): Buffer => archiveOf([...releaseEntries(), entry]);
  it.each([
    { reason: 'a path that leads out', archive: withEntry({ path: 'klibs/../../evil', content: 'x' }), message: 'holds "klibs/../../evil", which leads out of its folder' },
    { reason: 'an absolute path', archive: withEntry({ path: '/tmp/evil', content: 'x' }), message: 'holds "/tmp/evil", which leads out of its folder' },
    { reason: 'a path of another system', archive: withEntry({ path: 'klibs\\..\\evil', content: 'x' }), message: 'which leads out of its folder' },
    { reason: 'a symbolic link', archive: withEntry({ path: 'klibs/link', type: 'SymbolicLink', linkpath: '/etc/passwd' }), message: 'holds "klibs/link", which is a SymbolicLink' },
    { reason: 'a hard link', archive: withEntry({ path: 'klibs/link', type: 'Link', linkpath: 'kernel.img' }), message: 'which is a Link' },
    { reason: 'a device', archive: withEntry({ path: 'klibs/null', type: 'CharacterDevice' }), message: 'which is a CharacterDevice' },
    { reason: 'a pipe', archive: withEntry({ path: 'klibs/pipe', type: 'FIFO' }), message: 'which is a FIFO' },
    { reason: 'an entry of unknown type', archive: withEntry({ path: 'klibs/odd', type: 'SparseFile' }), message: 'only files and folders belong there' },
    { reason: 'a file twice', archive: withEntry({ path: './kernel.img', content: 'x' }), message: 'holds "kernel.img" twice' },
    { reason: 'too many entries', archive: archiveOf(Array.from({ length: 1001 }, (_, index) => ({ path: `f${index}` }))), message: 'holds more than 1000 entries' },
    { reason: 'no gzip', archive: Buffer.from('<html>not found</html>'), message: 'is no gzipped tar archive: incorrect header check' },
    { reason: 'no tar', archive: gzipSync('x'.repeat(2000)), message: 'is no gzipped tar archive' },
    { reason: 'a second layer of compression', archive: gzipSync(archiveOf()), message: 'is compressed twice' },
    { reason: 'a tar that ends inside a file', archive: gzipSync(tarOf([{ path: 'kernel.img', content: 'x'.repeat(2000) }]).subarray(0, 1024)), message: 'Truncated input' },
    { reason: 'damaged bytes', archive: damaged(archiveOf()), message: 'is no gzipped tar archive' },
  ])('for $reason', async ({ archive, message }) => {
    server.answers = { [VERSION]: archive };
    await expectFailure(install(), 'PVM_BAD_ARCHIVE', message);
  });

  it('for more bytes than a release can have, without unpacking them all', async () => {
    // 2 GiB of zeros in 2 MiB
    const part = gzipSync(Buffer.alloc(1024 * 1024));
    server.answers = { [VERSION]: Buffer.concat(Array.from({ length: 2048 }, () => part)) };
    await expectFailure(install(), 'PVM_BAD_ARCHIVE', 'unpacks to more than 536870912 bytes');
  });

  it('for missing files', async () => {
    server.answers = { [VERSION]: archiveOf([{ path: 'kernel.img', content: 'x' }, { path: 'stage3.img', content: 'x' }]) };
    await expectFailure(install(), 'PVM_BAD_ARCHIVE', 'holds no `boot.img`');
  });
});

describe('input that is refused', () => {
  it.each(['0.1', '0.1.54/../..', 'latest', '', '0.1.54\n', '1234567.0.0'])('such as the version %j', async (version) => {
    await expect(install({ version })).rejects.toMatchObject({ code: 'PVM_BAD_NANOS_VERSION' });
  });

  it.each(['ftp://host/', 'file:///etc/', 'nowhere', 'http://'])('such as the mirror %j', async (baseUrl) => {
    await expect(install({ baseUrl })).rejects.toMatchObject({ code: 'PVM_BAD_NANOS_MIRROR' });
  });

  it('such as a lock that is no lock, before anything is downloaded', async () => {
    writeFileSync(lockFile, '<<<<<<< HEAD\n');
    await expect(install()).rejects.toMatchObject({ code: 'PVM_BAD_NANOS_LOCK' });
    expect(server.requests).toEqual([]);
  });

  it('such as a cache where nothing can be written', async () => {
    writeFileSync(join(folder, 'cache'), 'a file');
    await expect(install()).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED', message: expect.stringContaining(cacheFolder) as unknown });
  });

  // root is let in everywhere
  (process.getuid?.() === 0 ? it.skip : it)('such as a lock file in a folder that is closed', async () => {
    mkdirSync(join(folder, 'closed'), { mode: 0o500 });
    await expect(install({ lockFile: join(folder, 'closed', 'nanos.lock.json') })).rejects.toMatchObject({
      code: 'PVM_WRITE_FAILED', message: expect.stringContaining('nanos.lock.json`: permission denied') as unknown, hint: expect.stringContaining('closed`') as unknown,
    });
  });

  it('such as a lock file in a folder that does not exist', async () => {
    await expect(install({ lockFile: join(folder, 'none', 'nanos.lock.json') })).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED', message: expect.stringContaining('nanos.lock.json`') as unknown });
  });
});

function damaged(archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  copy.fill(0xff, 40, 60);
  return copy;
}

/** The call fails, and nothing is left that could be taken for a release, nor a lock. */
async function expectFailure(call: Promise<unknown>, code: string, message: string): Promise<void> {
  await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(message) as unknown });
  expect(cached()).toEqual([]);
  expect(existsSync(lockFile)).toBe(false);
  await expect(locateRelease({ version: VERSION, cacheFolder, lockFile })).rejects.toMatchObject({ code: 'PVM_NO_NANOS_RELEASE' });
}

