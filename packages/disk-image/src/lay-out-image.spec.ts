import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type ImageSpec, layOutImage, LAYOUT_VERSION, openImage, type TreeEntry, type Value } from './index.js';
import { fakeBootLoader } from './testing/boot-loader.js';
import { BytesSource } from './testing/bytes-source.js';
import { failureOf } from './testing/failure-of.js';
import { GOLDEN_CASES, goldenBytes, goldenDecoded, goldenImage, goldenProgram, tupleOf } from './testing/golden.js';
import { listing } from './testing/listing.js';
import { file, writeImage } from './testing/write-image.js';

const KERNEL = file('/kernel', 'a kernel');
const PROGRAM = file('/prover', 'x'.repeat(1000));

function spec(more: Partial<ImageSpec> = {}): ImageSpec {
  return { bootLoader: fakeBootLoader(), bootFiles: [KERNEL], entries: [PROGRAM], attributes: new Map([['program', '/prover']]), freeBytes: 0, ...more };
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('layOutImage', () => {
  it('covers the image with ascending segments, each file once', () => {
    const { segments, sizeBytes } = layOutImage(spec({ entries: [PROGRAM, file('/a/empty', ''), file('/a/b', 'y')], freeBytes: 100 }));
    let end = 0;
    for (const segment of segments) {
      expect(segment.offset).toBe(end);
      end += segment.kind === 'bytes' ? segment.bytes.length : segment.sizeBytes;
    }
    expect(end).toBe(sizeBytes);
    expect(sizeBytes % 512).toBe(0);
    expect(segments.flatMap((segment) => (segment.kind === 'file' ? [[segment.fileSystem, segment.entry.path]] : []))).toEqual([
      ['boot', '/kernel'],
      ['root', '/a/b'],
      ['root', '/prover'],
    ]);
    expect(segments.find((segment) => segment.kind === 'file' && segment.fileSystem === 'root' && segment.entry === PROGRAM)).toBeDefined();
  });

  it('puts partitions, boot region and log dump where Nanos looks for them', () => {
    const image = openImage(new BytesSource(writeImage(layOutImage(spec({ freeBytes: 1 })))));
    const firstSector = (512 + 1024 + 4096) / 512;
    expect(image.mbr).toEqual({
      bootRegion: { base: 0x8000n, length: 1024n },
      partitions: [
        { index: 0, type: 0x83, isActive: true, firstSector, sectorCount: 24576 },
        // log 1 + 1024, program 2, free 1
        { index: 1, type: 0x83, isActive: true, firstSector: firstSector + 24576, sectorCount: 1028 },
      ],
    });
    expect(image.klog).toBeUndefined();
  });

  it('reads back what it wrote', () => {
    const layout = layOutImage(spec({ label: 'demo' }));
    const image = openImage(new BytesSource(writeImage(layout)));
    expect(image.root).toMatchObject({ uuid: layout.uuid, label: 'demo', attributes: new Map([['program', '/prover']]), logExtensions: 2 });
    expect(listing(image.root)).toEqual([{ kind: 'file', path: '/prover', size: 1000, sha256: PROGRAM.sha256 }]);
    expect(image.bootFileSystem && listing(image.bootFileSystem)).toEqual([{ kind: 'file', path: '/kernel', size: 8, sha256: KERNEL.sha256 }]);
    expect(image.bootFileSystem?.uuid).not.toBe(layout.uuid);
  });

  it.each(GOLDEN_CASES.filter((name) => name !== 'after-a-boot'))('writes the tree that ops wrote, to the same size: %s', (name) => {
    const golden = openImage(new BytesSource(goldenBytes(name))).root;
    const { entries, root } = goldenDecoded(name);
    const withContent = entries.map((entry): TreeEntry => (entry.kind === 'file' ? file(entry.path, Buffer.concat([...golden.readFile(entry.path)])) : entry));
    const layout = layOutImage(spec({ entries: withContent, attributes: tupleOf(root) }));
    const image = openImage(new BytesSource(writeImage(layout)));
    expect(listing(image.root)).toEqual(entries);
    expect(image.root.attributes).toEqual(tupleOf(root));
    expect(layout.sizeBytes).toBe(512 + 1024 + 4096 + 12 * 1024 * 1024 + goldenBytes(name).length);
  });

  it('puts everything where ops puts it: a whole disk differs in nothing but the uuids and the order of attributes', () => {
    const theirs = goldenImage();
    const ours = writeImage(
      layOutImage({
        bootLoader: fakeBootLoader(),
        bootFiles: [file('/kernel', 'a kernel'.repeat(200))],
        entries: [file('/hello', goldenProgram('hello'))],
        attributes: new Map<string, Value>([
          ['environment', new Map()],
          ['program', '/hello'],
          ['arguments', []],
        ]),
        freeBytes: 0,
        label: 'made by ops',
      }),
    );
    for (const image of [theirs, ours]) {
      for (const start of [11 * 512, 24587 * 512]) {
        image.fill(0, start + 8, start + 24);
        image.fill(0, start + 512, start + 1024);
      }
    }
    expect(Buffer.from(ours).equals(theirs)).toBe(true);
  });

  it('depends on nothing but the content: order of entries, folders that are implied', () => {
    const entries: TreeEntry[] = [file('/a/b', '1'), file('/a/c', '2'), { kind: 'link', path: '/a.link', target: 'a/b' }, file('/b', '3')];
    const first = digest(writeImage(layOutImage(spec({ entries }))));
    for (const other of [[...entries].reverse(), [...entries, { kind: 'directory', path: '/a' } as const]]) {
      expect(digest(writeImage(layOutImage(spec({ entries: other }))))).toBe(first);
    }
  });

  it('lays out and opens 20,000 files in a fraction of a second each (with room for a cold and busy machine)', () => {
    const entries = Array.from({ length: 20_000 }, (_, index) => file(`/d${index % 50}/f${index}`, 'x'));
    const start = process.cpuUsage().user;
    const layout = layOutImage(spec({ entries }));
    const laidOut = process.cpuUsage().user;
    expect(laidOut - start).toBeLessThan(1_500_000);
    const source = new BytesSource(writeImage(layout));
    const written = process.cpuUsage().user;
    expect(openImage(source).root.entries).toHaveLength(20_050);
    expect(process.cpuUsage().user - written).toBeLessThan(1_500_000);
  });

  it('gives back any tree', () => {
    const name = fc.stringMatching(/^[a-c.ü]{1,3}$/u).filter((text) => text !== '.' && text !== '..');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
    const tree = fc
      .uniqueArray(fc.tuple(path, fc.string({ maxLength: 3 })), { selector: ([first]) => first, maxLength: 12 })
      // no file is the folder of another
      .map((files) => files.filter(([a]) => !files.some(([b]) => b.startsWith(`${a}/`))));
    fc.assert(
      fc.property(tree, (files) => {
        const layout = layOutImage(spec({ entries: files.map(([at, content]) => file(at, content)) }));
        const { root } = openImage(new BytesSource(writeImage(layout)));
        const found = root.entries.flatMap((entry) => (entry.kind === 'file' ? [[entry.path, Buffer.concat([...root.readFile(entry.path)]).toString()]] : []));
        expect(new Map(found as [string, string][])).toEqual(new Map(files));
      }),
      { numRuns: 25 },
    );
  });

  it('takes boot files up to 12 MiB with their log, and says by how much they are larger', () => {
    const kernelOf = (sizeBytes: number): TreeEntry => ({ ...KERNEL, sizeBytes });
    const largest = 12 * 1024 * 1024 - 1025 * 512;
    expect(layOutImage(spec({ bootFiles: [kernelOf(largest)] })).sizeBytes).toBeGreaterThan(largest);
    const failure = failureOf(() => layOutImage(spec({ bootFiles: [kernelOf(largest + 1)] })));
    expect(failure).toMatchObject({
      code: 'PVM_BOOT_FILES_TOO_LARGE',
      message: "Kernel and klibs need 12583424 bytes, 512 more than the boot file system's 12582912",
      data: { sizeBytes: 12583424, maximumBytes: 12582912 },
    });
  });

  it('takes an image up to 2^32 - 1 sectors', () => {
    const rest = 512 + 1024 + 4096 + 12 * 1024 * 1024 + 1025 * 512;
    const largest = (2 ** 32 - 1) * 512 - rest;
    expect(layOutImage(spec({ entries: [], freeBytes: largest })).sizeBytes).toBe((2 ** 32 - 1) * 512);
    const failure = failureOf(() => layOutImage(spec({ entries: [{ ...PROGRAM, sizeBytes: largest + 1 }] })));
    expect(failure).toMatchObject({ code: 'PVM_IMAGE_TOO_LARGE', message: 'The image needs 2199023255552 bytes, expected at most 2199023255040' });
  });
});

// A program's identity is made of these bytes: whoever changes one raises LAYOUT_VERSION and says so in the changelog.
describe('the bytes of layout version 1', () => {
  it('is the version of these digests', () => {
    expect(LAYOUT_VERSION).toBe(1);
    expect(layOutImage(spec()).layoutVersion).toBe(1);
  });

  it.each<{ reason: string; image: ImageSpec; sha256: string; uuid: string }>([
    { reason: 'one program', image: spec(), sha256: 'd571bd47a4e2c4d1e4d2369fbea64346895a7c9ba84478bcaa7439b0379c21d2', uuid: '8df618ce-52cd-8eb2-b449-f604b2b4cbc5' },
    { reason: 'no boot loader, label, free space', image: spec({ bootLoader: new Uint8Array(0), label: 'demo', freeBytes: 1_000_000 }), sha256: '59f0cbe2f2a4834a7b8a565fb985d1704a9d5e6e7b4f7d9404959e905695f287', uuid: '20879148-4d74-8038-949c-0df6624f9ccf' },
    {
      reason: 'folders, links, empty files, all kinds of values',
      image: spec({
        entries: [
          PROGRAM,
          file('/etc/passwd', 'root:x:0:0:root:/:\n'),
          file('/empty', ''),
          file('/ünï', 'x'.repeat(513)),
          { kind: 'directory', path: '/workspace' },
          { kind: 'link', path: '/proc/self/exe', target: '/prover' },
        ],
        attributes: new Map<string, Value>([
          ['program', '/prover'],
          ['arguments', ['prover', '--x', '']],
          ['environment', new Map([['A', '']])],
          ['mounts', new Map([['%0', '/workspace']])],
          ['readonly_rootfs', 'true'],
          ['number', 5n],
        ]),
      }),
      sha256: '156546a34e49305cc06bdbbbccfd4a8034fe420219ba3802f45ae6c5adc859d6',
      uuid: 'b004a55c-3da2-892b-9751-c1012bbfad64',
    },
    { reason: 'a log of several extensions', image: spec({ entries: [file('/z', 'z')], attributes: new Map([['long', 'x'.repeat(1_100_000)]]) }), sha256: 'c4969bb455e1c34b463d093306c25494736a2e98cd6012e7e3112036da6558fb', uuid: 'e8a77e6f-c5ff-8c40-92d9-f2b5e552ea6a' },
  ])('are what they were: $reason', ({ image, sha256, uuid }) => {
    const layout = layOutImage(image);
    expect({ uuid: layout.uuid, sha256: digest(writeImage(layout)) }).toEqual({ uuid, sha256 });
  });
});
