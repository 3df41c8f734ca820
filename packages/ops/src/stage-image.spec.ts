import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opsConfiguration } from './configuration.js';
import { type OpsHome, withOpsHome } from './ops-home.js';
import { type OpsImage } from './ops-image.js';
import { stageImage } from './stage-image.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ops-spec-'));
  writeFileSync(join(folder, 'file'), 'text');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const image = (changes: Partial<OpsImage> = {}): OpsImage => ({
  manifest: {},
  program: 'my_prover',
  imageName: 'my.prover',
  mounts: { '%0': '/workspace' },
  entries: [
    { kind: 'directory', path: '/empty' },
    { kind: 'file', path: '/etc/passwd', content: { bytes: new TextEncoder().encode('root') } },
    { kind: 'file', path: '/data/file', content: { hostPath: join(folder, 'file') } },
    { kind: 'link', path: '/data/link', target: '/nowhere/here' },
    { kind: 'file', path: '/my_prover', content: { hostPath: join(folder, 'file') } },
  ],
  minimumImageBytes: 0,
  release: { version: '0.1.54', files: [{ name: 'klibs/ntp', content: { hostPath: join(folder, 'file') } }, { name: 'file', content: { hostPath: join(folder, 'file') } }] },
  ...changes,
});

function staged<Result>(what: OpsImage, look: (home: OpsHome, configuration: Record<string, unknown>, args: readonly string[]) => Result): Promise<Result> {
  return withOpsHome({ version: what.release.version }, (home) => {
    const { args } = stageImage(what, home);
    return Promise.resolve(look(home, JSON.parse(readFileSync(join(home.folder, 'manifest/vm.json'), 'utf8')) as Record<string, unknown>, args));
  });
}

describe('stageImage', () => {
  it('links files, and copies none', () =>
    staged(image(), (home, configuration) => {
      // all of its files lie in one folder of this machine
      expect(readlinkSync(join(home.workingFolder, 'data'))).toBe(folder);
      expect(['klibs/ntp', 'file'].map((name) => readlinkSync(join(home.dotOps, '0.1.54', name)))).toEqual([join(folder, 'file'), join(folder, 'file')]);
      expect(statSync(join(home.folder, 'tree/my_prover')).ino).toBe(statSync(join(folder, 'file')).ino);
      expect(readFileSync(join(home.workingFolder, 'etc/passwd'), 'utf8')).toBe('root');
      expect(configuration).toMatchObject({ Files: ['etc/passwd', 'data/file'], MapDirs: { '../tree/*': '/' } });
    }));

  it('has something for each link that leads nowhere on this machine', () =>
    staged(image(), (home) => {
      expect(readlinkSync(join(home.folder, 'tree/data/link'))).toBe('/nowhere/here');
      expect(statSync(join(home.folder, 'shadow/tree/data/link')).isFile()).toBe(true);
      expect(statSync(join(home.folder, 'tree/empty')).isDirectory()).toBe(true);
    }));

  it('has a file for each mount, so that its number stays', () =>
    staged(image({ mounts: { '%1': '/a', 'vm.json': '/b' } }), (home, configuration) => {
      expect(statSync(join(home.folder, 'manifest/%1')).isFile()).toBe(true);
      expect(configuration.Mounts).toEqual({ '%1': '/a', 'vm.json': '/b' });
    }));

  it.each([
    { reason: 'a relative program', program: 'target/release/x', at: 'work/target/release/x', arg: 'target/release/x' },
    { reason: 'an absolute program', program: '/opt/x', at: 'shadow/root/opt/x', arg: '../shadow/root/opt/x' },
  ])('gives ops a program without libraries in place of $reason', ({ program, at, arg }) =>
    staged(image({ program, entries: [] }), (home, configuration, args) => {
      expect(readFileSync(join(home.folder, at)).subarray(0, 4).toString('latin1')).toBe('\u007fELF');
      expect([configuration.Program, args[1]]).toEqual([program, arg]);
    }));

  it('gives a network mask as a flag, since the default of the flag would stand above it', () =>
    staged(image({ manifest: { RunConfig: { NetMask: '255.0.0.0' } } }), (_home, _configuration, args) => {
      expect(args.slice(-2)).toEqual(['--netmask', '255.0.0.0']);
    }));

  it('refuses a program outside', async () => {
    await expect(staged(image({ program: '../x' }), () => undefined)).rejects.toMatchObject({ code: 'PVM_OPS_UNSUPPORTED' });
  });
});

describe('opsConfiguration', () => {
  const paths = { tree: '../tree', targetRoot: '../shadow/root', files: [] };

  it('keeps what ops is to understand, and nothing that names a place of this machine', () => {
    const manifest = {
      Args: ['a'],
      Env: { A: '1' },
      Files: ['/etc/shadow'],
      Kernel: '/k',
      KlibDir: '/l',
      home: '/h',
      NightlyBuild: true,
      RunConfig: { Ports: ['80'], ImageName: '/i', CPUs: 2 },
      ManifestPassthrough: { cwd: '/' },
    };
    expect(opsConfiguration(image({ manifest, minimumImageBytes: 4096 }), paths)).toEqual({
      Args: ['a'],
      ManifestPassthrough: { cwd: '/' },
      Program: 'my_prover',
      Env: { IMAGE_NAME: 'my.prover', A: '1' },
      Mounts: { '%0': '/workspace' },
      Files: [],
      MapDirs: { '../tree/*': '/' },
      TargetRoot: '../shadow/root',
      RunConfig: { Ports: ['80'] },
      BaseVolumeSz: '4096',
    });
  });

  it('lets the user name the image for Radar', () => {
    const env = (Env: object): unknown => opsConfiguration(image({ manifest: { Env } }), paths).Env;
    expect(env({ RADAR_KEY: 'k' })).toEqual({ IMAGE_NAME: 'my.prover', RADAR_IMAGE_NAME: 'my.prover', RADAR_KEY: 'k' });
    expect(env({ RADAR_KEY: 'k', RADAR_IMAGE_NAME: 'mine' })).toMatchObject({ RADAR_IMAGE_NAME: 'mine' });
  });

  it.each([
    { args: ['/'], root: '/.' },
    { args: ['/', '.'], root: '/x/..' },
    { args: ['..'], root: '/' },
  ])('names the root so that no argument has its name: $args', ({ args, root }) => {
    expect(opsConfiguration(image({ manifest: { Args: args } }), paths).MapDirs).toEqual({ '../tree/*': root });
  });

  it.each([
    { reason: 'a size in another unit', manifest: { BaseVolumeSz: '3x' }, message: '`BaseVolumeSz` is `3x`' },
    { reason: 'a size without a number', manifest: { BaseVolumeSz: 'm' }, message: '`BaseVolumeSz` is `m`' },
    { reason: 'half an address', manifest: { RunConfig: { IPAddress: '10.0.2' } }, message: '`RunConfig.IPAddress` is `10.0.2`' },
    { reason: 'a gateway that is none', manifest: { RunConfig: { Gateway: 'router' } }, message: '`RunConfig.Gateway` is `router`' },
    { reason: 'an IPv6 address of an interface', manifest: { RunConfig: { Nics: [{ IPv6Address: 'fd00::2' }] } }, message: '`RunConfig.Nics[0].IPv6Address` is `fd00::2`' },
  ])('refuses $reason, which ops would ignore', ({ manifest, message }) => {
    expect(() => opsConfiguration(image({ manifest }), paths)).toThrow(expect.objectContaining({ code: 'PVM_OPS_UNSUPPORTED', message: expect.stringContaining(message) as unknown }) as Error);
  });
});
