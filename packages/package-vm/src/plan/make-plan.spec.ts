import { type Manifest, parseManifest } from '@package-vm/manifest';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle } from '../bundle/bundle.js';
import { digestFile } from '../host-files/digest-file.js';
import { makePlan } from './make-plan.js';
import { type Plan } from './plan.js';
import { testRelease } from './testing/test-release.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-plan-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/a'), 'a');
  copyFileSync(join(import.meta.dirname, '../../../disk-image/src/testing/golden/hello'), join(folder, 'hello'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function bundleOf(name: string): Bundle {
  const hostPath = join(folder, 'hello');
  return { name, program: { hostPath, ...digestFile(hostPath) }, libraries: [], build: undefined };
}

function plan(manifest: Manifest | object, klibs: Readonly<Record<string, string>> = {}): Promise<Plan> {
  const parsed = parseManifest(JSON.stringify(manifest), { file: 'vm.json' });
  if (parsed.manifest === undefined) throw new Error('no manifest');
  return makePlan({
    manifest: parsed.manifest,
    placeOf: (keys) => ({ file: 'vm.json', keys }),
    bundle: bundleOf('hello'),
    release: testRelease(join(folder, 'release'), klibs),
    platform: 'gevulot',
    baseFolder: folder,
    workspaceRoot: folder,
  });
}

const codes = ({ findings }: Plan): string[] => findings.map(({ code }) => code);
const path = (made: Plan, guestPath: string) => made.entries.find((entry) => entry.path === guestPath);

describe('makePlan', () => {
  it('has the program, what ops adds, and the mount point', async () => {
    expect((await plan({ Mounts: { '%1': '/workspace' } })).entries.map((entry) => entry.path)).toEqual([
      '/etc', '/etc/passwd', '/etc/resolv.conf', '/hello', '/proc', '/proc/self', '/proc/self/exe', '/proc/sys', '/proc/sys/kernel', '/proc/sys/kernel/hostname', '/workspace',
    ]);
  });

  it('puts the program where the manifest says', async () => {
    const made = await plan({ Program: 'bin/prover' });
    expect(path(made, '/bin/prover')).toMatchObject({ kind: 'file' });
    expect(made.attributes.get('program')).toBe('/bin/prover');
    expect(made.attributes.get('arguments')).toEqual(['bin/prover']);
  });

  it('lets the manifest replace the files that ops adds', async () => {
    mkdirSync(join(folder, 'etc'));
    writeFileSync(join(folder, 'etc/passwd'), 'own');
    const made = await plan({ Files: ['etc/passwd'] });
    expect(codes(made)).toEqual(['replaces-system-file']);
    expect(path(made, '/etc/passwd')).toMatchObject({ origin: 'etc/passwd' });
  });

  it.each([
    { reason: 'a file in the place of the program', manifest: { Dirs: ['data'], Program: 'data/a' }, code: 'path-taken' },
    { reason: 'a mount over a file', manifest: { Dirs: ['data'], Mounts: { '%0': '/data/a' } }, code: 'mount-not-a-folder' },
    { reason: 'a working folder that is not there', manifest: { ManifestPassthrough: { cwd: '/none' } }, code: 'working-folder-missing' },
    { reason: 'a working folder that is a file', manifest: { Dirs: ['data'], ManifestPassthrough: { cwd: '/data/a' } }, code: 'working-folder-missing' },
    { reason: 'a missing klib', manifest: { Klibs: ['ntp', 'none'] }, code: 'missing-klib' },
    { reason: 'a missing file', manifest: { Files: ['none'] }, code: 'missing-path' },
    { reason: 'a file that the kernel makes', manifest: { MapDirs: { 'data/*': '/dev/null' } }, code: 'kernel-path' },
    { reason: 'a file above what the kernel makes', manifest: { MapDirs: { 'data/a': '/sys/devices/system/cpu/online' } }, code: 'kernel-path' },
  ])('tells of $reason', async ({ manifest, code }) => {
    expect(codes(await plan(manifest, { ntp: 'klib' }))).toEqual([code]);
  });

  it('tells of a link that leads nowhere', async () => {
    symlinkSync('none', join(folder, 'data/link'));
    expect(codes(await plan({ Dirs: ['data'] }))).toEqual(['broken-link']);
  });

  it('tells of boot files that do not fit', async () => {
    expect(codes(await plan({ Klibs: ['large'] }, { large: 'x'.repeat(13 * 1024 * 1024) }))).toEqual(['boot-files-too-large']);
  });

  it('adds the klibs that ops adds, each once, sorted', async () => {
    const made = await plan({ Klibs: ['tls', 'cloud_init'], Env: { RADAR_KEY: 'k' }, ManifestPassthrough: { firewall: { rules: [] } } }, { tls: '1', cloud_init: '2', radar: '3', firewall: '4' });
    expect(made.bootFiles.map((file) => file.path)).toEqual(['/kernel', '/klib/cloud_init', '/klib/firewall', '/klib/radar', '/klib/tls']);
    expect(made.attributes.get('klibs')).toBe('bootfs');
  });

  it.each([
    { reason: 'none for a read-only root', manifest: { ManifestPassthrough: { readonly_rootfs: 'true' } }, freeBytes: 0, minimumImageBytes: 0 },
    { reason: 'some for a root that is written to', manifest: {}, freeBytes: 16 * 1024 * 1024, minimumImageBytes: 0 },
    { reason: 'as BaseVolumeSz says', manifest: { ManifestPassthrough: { readonly_rootfs: 'true' }, BaseVolumeSz: '64m' }, freeBytes: 0, minimumImageBytes: 64 * 1024 * 1024 },
  ])('leaves free space: $reason', async ({ manifest, freeBytes, minimumImageBytes }) => {
    expect(await plan(manifest)).toMatchObject({ freeBytes, minimumImageBytes });
  });

  it('refuses a size that no image can have', async () => {
    expect((await plan({ BaseVolumeSz: '99999999g' })).findings).toMatchObject([{ code: 'volume-too-large', severity: 'error', place: { keys: ['BaseVolumeSz'] } }]);
  });

  it('does not let a file take the place of the link to the program', async () => {
    expect(codes(await plan({ MapDirs: { 'data/a': '/proc/self/exe' } }))).toEqual(['kernel-path']);
  });

  it('writes attributes sorted, with the environment of ops but for what depends on the machine', async () => {
    const made = await plan({ Env: { Z: '1', A: '2', USER: 'me' }, Args: ['--x'], Debugflags: ['fault'], NoTrace: ['read'], ManifestPassthrough: { debug_exit: 't' }, RunConfig: { Ports: ['80', '443'] } });
    expect([...made.attributes.keys()]).toEqual(['arguments', 'debug_exit', 'environment', 'fault', 'notrace', 'program']);
    expect(made.attributes.get('environment')).toEqual(
      new Map([['A', '2'], ['IMAGE_NAME', 'hello'], ['NANOS_ARCH', 'amd64'], ['NANOS_VERSION', '0.1.54'], ['OPS_PORT', '80,443'], ['PWD', '/'], ['USER', 'me'], ['Z', '1']]),
    );
  });

  it('writes addresses of network cards', async () => {
    const made = await plan({ RunConfig: { Nics: [{ IPAddress: '10.0.0.2', NetMask: '255.0.0.0', Gateway: '10.0.0.1' }, { IPAddress: '10.1.0.2' }] } });
    expect([made.attributes.get('ipaddr'), made.attributes.get('gateway'), made.attributes.get('en2')]).toEqual(['10.0.0.2', '10.0.0.1', new Map([['ipaddr', '10.1.0.2']])]);
  });
});
