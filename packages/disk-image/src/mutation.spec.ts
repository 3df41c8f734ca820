import { isPackageVmError } from '@package-vm/errors';
import { layOutImage, openImage } from './index.js';
import { BytesSource } from './testing/bytes-source.js';
import { corrupt, type Target } from './testing/corrupt.js';
import { fakeBootLoader } from './testing/boot-loader.js';
import { goldenBytes } from './testing/golden.js';
import { Random } from './testing/random.js';
import { file, writeImage } from './testing/write-image.js';

const MiB = 1024 * 1024;

interface Outcome {
  /** Message of the refusal, or undefined. */
  readonly refusal: string | undefined;
  readonly readBytes: number;
  readonly milliseconds: number;
}

/** Opens a damaged image and reads every file; anything but a refusal that names a byte is thrown on. */
function tryToRead(bytes: Uint8Array): Outcome {
  const source = new BytesSource(bytes);
  const started = performance.now();
  let refusal: string | undefined;
  try {
    const { root, bootFileSystem } = openImage(source);
    for (const fileSystem of [root, ...(bootFileSystem ? [bootFileSystem] : [])]) {
      for (const { kind, path } of fileSystem.entries) {
        if (kind === 'file') for (const chunk of fileSystem.readFile(path)) expect(chunk.length).toBeLessThanOrEqual(MiB);
      }
    }
  } catch (error) {
    if (!isPackageVmError(error)) throw error;
    expect(error.code).toBe('PVM_BAD_IMAGE');
    expect(error.message).toMatch(/\(at byte \d+\)$/);
    refusal = error.message;
  }
  // what is read at once is what is allocated at once: an extension of the log or a chunk, never more than the disk has
  expect(source.largestReadBytes).toBeLessThanOrEqual(Math.min(bytes.length, 64 * MiB));
  return { refusal, readBytes: source.readBytes, milliseconds: performance.now() - started };
}

/** The most memory that this process has had. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

const image = writeImage(
  layOutImage({
    bootLoader: fakeBootLoader(),
    bootFiles: [file('/kernel', 'k'.repeat(5000)), file('/klib/ntp', 'n')],
    entries: [file('/prover', 'p'), file('/etc/a', 'a'.repeat(600)), { kind: 'link', path: '/proc/self/exe', target: '/prover' }],
    attributes: new Map([['program', '/prover']]),
    freeBytes: 0,
  }),
);
const bootStart = 512 + 1024 + 4096;
const rootStart = bootStart + 12 * MiB;

const CASES: readonly { name: string; bytes: Uint8Array; count: number; targets: readonly [Target, ...Target[]] }[] = [
  { name: 'documented', bytes: goldenBytes('documented'), count: 1200, targets: [{ start: 0, end: 40 }, { start: 512, end: 1000 }, { start: 512, end: 1000 }] },
  { name: 'many-keys', bytes: goldenBytes('many-keys'), count: 800, targets: [{ start: 512, end: 1470 }] },
  // updates and removals; behind these 2 MiB its disk is empty
  { name: 'after-a-boot', bytes: goldenBytes('after-a-boot').slice(0, 2 * MiB), count: 500, targets: [{ start: 0x3c0, end: 0x1400 }] },
  { name: 'log-of-three-extensions', bytes: goldenBytes('log-of-three-extensions'), count: 25, targets: [{ start: 512, end: 512 + 524288 }] },
  {
    name: 'a whole image',
    bytes: image,
    count: 150,
    targets: [
      { start: 426, end: 512 },
      { start: bootStart, end: bootStart + 1024 },
      { start: rootStart, end: rootStart + 1024 },
    ],
  },
];

describe('a damaged image', () => {
  it.each(CASES)('is read or refused, in bounded time and memory: $name ($count times)', ({ bytes, count, targets }) => {
    const peakBefore = peakBytes();
    const outcomes = Array.from({ length: count }, (_, seed) => tryToRead(corrupt(bytes, { random: new Random(seed), targets })));
    expect(Math.max(...outcomes.map(({ milliseconds }) => milliseconds))).toBeLessThan(5000);
    expect(Math.max(...outcomes.map(({ readBytes }) => readBytes))).toBeLessThan(4 * bytes.length + 64 * MiB);
    expect(peakBytes() - peakBefore).toBeLessThan(256 * MiB);
    // both happen, or the corruptions are not worth their name
    const refused = outcomes.filter(({ refusal }) => refusal !== undefined);
    expect(refused.length).toBeGreaterThan(count / 10);
    expect(refused.length).toBeLessThan(count);
  });

  it('is refused for many reasons', () => {
    const { bytes, targets } = CASES[0] ?? { bytes: image, targets: [{ start: 0, end: 1 }] };
    const reasons = Array.from({ length: 1200 }, (_, seed) => tryToRead(corrupt(bytes, { random: new Random(seed), targets })).refusal?.replaceAll(/\d+/g, ''));
    expect(new Set(reasons).size).toBeGreaterThan(30);
  });
});
