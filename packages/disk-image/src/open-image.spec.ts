import { type DiskImage, layOutImage, openImage } from './index.js';
import { KLOG_BYTES } from './layout.js';
import { partitionEntry } from './mbr/master-boot-record.js';
import { BytesSource } from './testing/bytes-source.js';
import { failureOf } from './testing/failure-of.js';
import { GOLDEN_CASES, goldenBytes, goldenDecoded, goldenImage, goldenProgram, tupleOf } from './testing/golden.js';
import { listing } from './testing/listing.js';
import { file, writeImage } from './testing/write-image.js';

const IMAGE = writeImage(
  layOutImage({ bootLoader: new Uint8Array(0), bootFiles: [file('/kernel', 'k')], entries: [file('/a/b', 'content')], attributes: new Map(), freeBytes: 0 }),
);
const BOOT_SECTOR = (512 + KLOG_BYTES) / 512;
const ROOT_SECTOR = BOOT_SECTOR + 24576;

function open(bytes: Uint8Array): DiskImage {
  return openImage(new BytesSource(bytes));
}

/** The image with another partition table; undefined leaves an entry out. */
function withTable(table: readonly ({ type: number; firstSector: number; sectorCount: number } | undefined)[]): Uint8Array {
  const bytes = IMAGE.slice();
  bytes.fill(0, 446, 510);
  table.forEach((entry, index) => {
    if (entry !== undefined) bytes.set(partitionEntry.encode({ isActive: false, firstChs: 0, lastChs: 0, ...entry }), 446 + 16 * index);
  });
  return bytes;
}

const BOOT = { type: 0x83, firstSector: BOOT_SECTOR, sectorCount: 24576 };
const ROOT = { type: 0x83, firstSector: ROOT_SECTOR, sectorCount: 1026 };

describe('openImage', () => {
  it.each(GOLDEN_CASES)('reads what ops and the kernel wrote: %s', (name) => {
    const expected = goldenDecoded(name);
    const { root, mbr, bootFileSystem } = open(goldenBytes(name));
    expect({ mbr, bootFileSystem }).toEqual({ mbr: undefined, bootFileSystem: undefined });
    const { label, logExtensions } = root;
    expect({ uuid: root.uuid.replaceAll('-', ''), label, logExtensions, root: root.attributes, entries: listing(root) }).toEqual({
      ...expected,
      root: tupleOf(expected.root),
    });
  });

  it('reads a whole disk that ops wrote', () => {
    const { mbr, klog, bootFileSystem, root } = open(goldenImage());
    expect(mbr?.partitions.map(({ firstSector, sectorCount }) => [firstSector, sectorCount])).toEqual([
      [11, 24576],
      [24587, 1034],
    ]);
    expect(klog).toBeUndefined();
    expect(bootFileSystem && listing(bootFileSystem)).toMatchObject([{ path: '/kernel', sha256: file('/kernel', 'a kernel'.repeat(200)).sha256 }]);
    expect(listing(root)).toMatchObject([{ path: '/hello', sha256: file('/hello', goldenProgram('hello')).sha256 }]);
    expect(root).toMatchObject({ label: 'made by ops', attributes: tupleOf({ environment: {}, program: '/hello', arguments: [] }) });
  });

  it('finds both file systems by the table, as it is for UEFI, too', () => {
    const efi = { type: 0xef, firstSector: 1, sectorCount: 8 };
    const { mbr, root, bootFileSystem } = open(withTable([efi, BOOT, ROOT]));
    expect(mbr?.partitions.map(({ index, type }) => [index, type])).toEqual([
      [0, 0xef],
      [1, 0x83],
      [2, 0x83],
    ]);
    expect([root.find('/a/b')?.kind, bootFileSystem?.find('/kernel')?.kind]).toEqual(['file', 'file']);
  });

  it('lets the root file system end with the disk, whatever the table says, like the kernel', () => {
    expect(open(withTable([BOOT, { ...ROOT, sectorCount: 1 }])).root.find('/a/b')).toEqual({ kind: 'file', path: '/a/b', sizeBytes: 7 });
  });

  it('reads what a kernel left when the program failed', () => {
    const bytes = IMAGE.slice();
    const dump = new DataView(bytes.buffer, 512);
    dump.setUint32(0, 0x474f4c4b, true); // 'KLOG'
    dump.setBigUint64(4, 7n, true);
    dump.setInt32(12, 101, true);
    new TextEncoder().encodeInto('panicked', bytes.subarray(512 + 16));
    expect(open(bytes).klog).toEqual({ bootId: 7n, exitCode: 101, messages: 'panicked' });
  });

  it.each([
    { fault: 'smaller than a sector', bytes: new Uint8Array(511), message: 'A disk needs 512 bytes, found 511 (at byte 0)' },
    { fault: 'of something else', bytes: new Uint8Array(4096).fill(0x20), message: 'Log extension: magic is 202020202020, expected 4e564d544653 (at byte 0)' },
    { fault: 'with an unknown partition status', bytes: IMAGE.slice().fill(1, 446, 447), message: 'Partition entry: isActive is 1, expected 0 or 128 (at byte 446)' },
    { fault: 'without partitions', bytes: withTable([]), message: 'Partition table has no boot and root file system (at byte 446)' },
    { fault: 'with one file system', bytes: withTable([ROOT]), message: 'Partition table has no boot and root file system (at byte 446)' },
    { fault: 'with a root that begins behind the disk', bytes: withTable([BOOT, { ...ROOT, firstSector: 1 << 30 }]), message: 'is not inside the disk' },
    {
      fault: 'with a boot partition longer than the disk',
      bytes: withTable([{ ...BOOT, sectorCount: 30000 }, ROOT]),
      message: `Partition 0 from sector 9 with 30000 sectors is not inside the disk of ${IMAGE.length} bytes (at byte 446)`,
    },
    { fault: 'with a boot partition without sectors', bytes: withTable([{ ...BOOT, sectorCount: 0 }, ROOT]), message: 'Partition 0 from sector 9 with 0 sectors is not inside' },
    { fault: 'cut short', bytes: IMAGE.subarray(0, ROOT_SECTOR * 512 + 1000), message: "ends after the file system's 512 bytes (at byte" },
    {
      fault: 'with a fault in its root, named by the byte of the disk',
      bytes: IMAGE.slice().fill(0, (ROOT_SECTOR + 1) * 512, (ROOT_SECTOR + 1) * 512 + 6),
      message: `Log extension: magic is 000000000000, expected 4e564d544653 (at byte ${(ROOT_SECTOR + 1) * 512})`,
    },
  ])('refuses an image $fault', ({ bytes, message }) => {
    const failure = failureOf(() => open(bytes));
    expect(failure.code).toBe('PVM_BAD_IMAGE');
    expect(failure.message).toContain(message);
  });
});

describe('FileSystem', () => {
  const root = open(IMAGE).root;

  it('gives files in chunks of at most 1 MiB, holes as zeros', () => {
    const afterBoot = open(goldenBytes('after-a-boot')).root;
    const hole = Buffer.concat([...afterBoot.readFile('/data/hole')]);
    expect(hole.length).toBe(20003);
    expect(hole.subarray(0, 20000).every((byte) => byte === 0)).toBe(true);
    expect(hole.subarray(20000).toString()).toBe('end');
    const large = file('/large', new Uint8Array(2.5 * 1024 * 1024).fill(7));
    const image = writeImage(layOutImage({ bootLoader: new Uint8Array(0), bootFiles: [], entries: [large], attributes: new Map(), freeBytes: 0 }));
    expect(Array.from(open(image).root.readFile('/large'), ({ length }) => length)).toEqual([1048576, 1048576, 524288]);
  });

  it('resolves paths', () => {
    expect(root.resolve('/a/../a/b')).toBe('/a/b');
    expect(root.resolve('/b')).toBeUndefined();
  });

  it.each([
    { reason: 'nothing', path: '/none' },
    { reason: 'a folder', path: '/a' },
    { reason: 'not an own path', path: 'toString' },
  ])('refuses to read $reason', ({ path }) => {
    expect(failureOf(() => root.readFile(path))).toMatchObject({ code: 'PVM_NOT_IN_IMAGE', message: `The image has no file \`${path}\`` });
  });
});
