import { type FileEntry, layOutImage } from '@package-vm/disk-image';
import { runProgram } from '@package-vm/process';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateRelease } from '../packages/package-vm/src/nanos-release/locate-release.js';
import { readReleaseFiles } from '../packages/package-vm/src/nanos-release/read-release.js';

const build = join(import.meta.dirname, '..', 'examples', 'placeholder-release', 'build.mjs');

const isMissing = (tool: string): boolean => spawnSync(tool, ['--version']).error !== undefined;
const assembler = ['as', 'x86_64-linux-gnu-as', 'x86_64-elf-as'].every(isMissing) ? 'needs an assembler: `apt-get install binutils`' : undefined;
const emulator = isMissing('qemu-system-x86_64') ? 'needs QEMU: `apt-get install qemu-system-x86`' : undefined;

/** A suite that is skipped with its reason in its name where a tool is missing. */
function suite(name: string, missing: string | undefined, body: () => void): void {
  if (missing === undefined) describe(name, body);
  else describe.skip(`${name} (${missing})`, body);
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'placeholder-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function buildRelease(name: string): string {
  const release = join(folder, name);
  execFileSync(process.execPath, [build, release]);
  return release;
}

suite('the placeholder release', assembler, () => {
  it('is marked, whole, and the same each time', async () => {
    const release = await locateRelease({ nanosDir: buildRelease('once') });
    expect(release).toMatchObject({ version: 'placeholder', origin: 'folder', isPlaceholder: true });
    const digests = ({ name, sha256 }: { name: string; sha256: string }): string[] => [name, sha256];
    expect(readReleaseFiles(buildRelease('twice')).map(digests)).toEqual(release.files.map(digests));
    expect(readdirSync(join(folder, 'once', 'klibs'))).toEqual([]);
  });

  it('is never built over another release', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'kernel.img'), 'a real one');
    expect(spawnSync(process.execPath, [build, other]).status).toBe(2);
    expect(readFileSync(join(other, 'kernel.img'), 'utf8')).toBe('a real one');
  });

  it('says how to install an assembler', () => {
    const { status, stderr } = spawnSync(process.execPath, [build, join(folder, 'none')], { env: { PATH: folder }, encoding: 'utf8' });
    expect([status, stderr]).toEqual([3, expect.stringContaining('`apt-get install binutils`')]);
  });
});

suite('an image with the placeholder release', assembler ?? emulator, () => {
  let image: Buffer;
  let first: number;
  let second: number;
  beforeAll(() => {
    image = makeImage(buildRelease('release'));
    first = image.readUInt32LE(446 + 8);
    second = image.readUInt32LE(462 + 8);
  });

  it('boots as on a node, says what it is, and finds everything where the loader looks', async () => {
    const { exitCode, serial } = await boot(image);
    expect(serial).toBe(
      [
        'this is not Nanos, it runs no program',
        'signature 0xaa55: ok',
        `boot region base 0x8000 length ${(first - 9) * 512} type 12: ok`,
        `disk sectors ${image.length / 512}: ok`,
        `partition 1 status 0x80 type 0x83 first ${first} sectors 24576 magic NVMTFS version 5: ok`,
        `partition 2 status 0x80 type 0x83 first ${second} sectors ${image.length / 512 - second} magic NVMTFS version 5: ok`,
        'last sector is there: ok',
        'the layout is sound',
      ]
        .map((line) => `placeholder: ${line}\n`)
        .join(''),
    );
    expect(exitCode).toBe(161);
  });

  it.each([
    { fault: 'without its second stage', damage: (disk: Buffer) => disk.fill(0, 512, 516), line: 'stage 2 does not follow the boot sector' },
    { fault: 'with another boot region', damage: (disk: Buffer) => disk.writeUInt32LE(13, 442), line: 'type 13: WRONG' },
    { fault: 'with an inactive partition', damage: (disk: Buffer) => disk.writeUInt8(0, 446), line: 'partition 1 status 0x0 type 0x83' },
    { fault: 'with a partition that begins a sector late', damage: (disk: Buffer) => disk.writeUInt32LE(first + 1, 454), line: 'sectors 24576 no log: WRONG' },
    { fault: 'with a damaged root file system', damage: (disk: Buffer) => disk.write('X', second * 512), line: 'no log: WRONG' },
    { fault: 'cut by a sector', damage: (disk: Buffer) => disk.subarray(0, -512), line: 'the BIOS cannot read the disk' },
    { fault: 'followed by a sector', damage: (disk: Buffer) => Buffer.concat([disk, Buffer.alloc(512)]), line: 'version 5: WRONG' },
  ])('$fault is told apart', async ({ damage, line }) => {
    const disk = Buffer.from(image);
    const damaged = damage(disk);
    const { exitCode, serial } = await boot(Buffer.isBuffer(damaged) ? damaged : disk);
    expect(serial).toContain(line);
    expect(exitCode).toBe(163);
  });
});

/** A small image by our own writer. */
function makeImage(release: string): Buffer {
  const contents = new Map<FileEntry, Buffer>();
  const file = (path: string, bytes: Buffer): FileEntry => {
    const entry = { kind: 'file', path, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') } as const;
    contents.set(entry, bytes);
    return entry;
  };
  const { sizeBytes, segments } = layOutImage({
    bootLoader: readFileSync(join(release, 'boot.img')),
    bootFiles: [file('/kernel', readFileSync(join(release, 'kernel.img')))],
    entries: [file('/program', Buffer.from('not run by anybody'))],
    attributes: new Map([['program', '/program']]),
    freeBytes: 0,
  });
  const image = Buffer.alloc(sizeBytes);
  for (const segment of segments) {
    if (segment.kind === 'bytes') image.set(segment.bytes, segment.offset);
    if (segment.kind === 'file') image.set(contents.get(segment.entry) ?? Buffer.alloc(0), segment.offset);
  }
  return image;
}

/** Boots a disk with the devices of a node that matter here: q35, the image on virtio-scsi behind a root port, isa-debug-exit. */
async function boot(disk: Buffer): Promise<{ exitCode: number | undefined; serial: string }> {
  const path = join(folder, 'disk.img');
  writeFileSync(path, disk);
  const args = [
    ['-machine', 'q35', '-accel', 'tcg', '-m', '64M', '-no-reboot', '-nodefaults', '-display', 'none', '-serial', 'stdio'],
    ['-device', 'isa-debug-exit', '-device', 'pcie-root-port,id=pci.1', '-device', 'virtio-scsi-pci,bus=pci.1,id=scsi0'],
    ['-device', 'scsi-hd,bus=scsi0.0,drive=hd0', '-drive', `file=${path},format=raw,if=none,id=hd0,readonly=on`],
  ].flat();
  const missing = { purpose: 'boot the image', install: 'apt-get install qemu-system-x86' };
  const { exitCode, stdout } = await runProgram({ program: 'qemu-system-x86_64', args, accept: 'any', timeoutMs: 30_000, missing });
  return { exitCode, serial: stdout };
}
