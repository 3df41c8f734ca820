import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateRelease } from './locate-release.js';
import { installInChild } from './testing/install-in-child.js';
import { archiveOf, releaseEntries } from './testing/made-up-release.js';
import { ReleaseServer } from './testing/release-server.js';

const version = '0.1.54';

let folder: string;
let cacheFolder: string;
let lockFile: string;
let server: ReleaseServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fetch-release-'));
  cacheFolder = join(folder, 'cache');
  lockFile = join(folder, 'nanos.lock.json');
  server = await ReleaseServer.start({ [version]: archiveOf() });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const install = (more: object = {}) => installInChild({ version, baseUrl: server.baseUrl, cacheFolder, lockFile, ...more });

describe('installs in several processes', () => {
  it('download once and end with one whole release', async () => {
    const results = await Promise.all([install(), install(), install()]);
    expect(results.map(({ exitCode, output }) => [exitCode, output.slice(0, 20)])).toEqual(Array(3).fill([0, '{"version":"0.1.54",']));
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(cacheFolder)).toEqual([version]);
    expect(readdirSync(folder).sort()).toEqual(['cache', 'nanos.lock.json']);
    await expect(locateRelease({ cacheFolder, lockFile, offline: true })).resolves.toMatchObject({ isLocked: true });
  });
});

describe('an install that was killed', () => {
  it.each(['downloading', 'unpacking'] as const)('while %s leaves no release, and the next one sweeps', async (killAt) => {
    expect(await install({ killAt })).toMatchObject({ signal: 'SIGKILL' });
    expect(existsSync(lockFile)).toBe(false);
    await expect(locateRelease({ version, cacheFolder })).rejects.toMatchObject({ code: 'PVM_NO_NANOS_RELEASE' });

    // its lock grows old in five seconds; not to wait for it
    utimesSync(join(cacheFolder, `.${version}.lock`), 0, 0);
    expect(await install()).toMatchObject({ exitCode: 0 });
    expect(readdirSync(cacheFolder)).toEqual([version]);
  });
});

const canMount = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;
const withTmpfs = canMount ? it : it.skip;

describe('a cache on a full disk', () => {
  withTmpfs(`leaves nothing behind${canMount ? '' : ' (skipped: needs user namespaces)'}`, async () => {
    mkdirSync(cacheFolder);
    server.answers = { [version]: archiveOf(releaseEntries({ 'boot.img': 'b'.repeat(512), 'kernel.img': 'k'.repeat(1_000_000) })) };
    const around = { before: `mount -t tmpfs -o size=64k none '${cacheFolder}'`, after: `find '${cacheFolder}' -mindepth 1` };
    const { exitCode, output } = await install({ around });
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/^PVM_WRITE_FAILED: Could not write `.*kernel\.img`: no space is left on the disk\n$/)]);
  });
});
