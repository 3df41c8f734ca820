import { failureOf } from '../testing/failure-of.js';
import { fakeBootLoader } from '../testing/boot-loader.js';
import { checkBootLoader, withPartitions } from './boot-loader.js';
import { nanosPartition } from './partition.js';

describe('checkBootLoader', () => {
  it('takes a boot loader whose region agrees with its size', () => {
    const bootLoader = fakeBootLoader({ stage2Bytes: 57344 });
    expect(checkBootLoader(bootLoader)).toBe(bootLoader);
  });

  it('takes a single sector, which needs no region', () => {
    expect(checkBootLoader(fakeBootLoader().subarray(0, 512).fill(0, 426, 446))).toHaveLength(512);
  });

  it('gives a sector without code where there is no boot loader, as ops does', () => {
    expect(checkBootLoader(new Uint8Array(0))).toEqual(Uint8Array.from({ length: 512 }, (_, at) => ({ 510: 0x55, 511: 0xaa })[at] ?? 0));
  });

  it.each([
    { fault: 'of an odd size', bytes: fakeBootLoader().subarray(0, 1535), message: 'The boot loader has 1535 bytes, expected a multiple of 512' },
    { fault: 'without signature', bytes: fakeBootLoader().fill(0, 510, 512), message: 'The boot loader has no signature 0x55AA at byte 510' },
    {
      fault: 'without region',
      bytes: fakeBootLoader().fill(0, 426, 446),
      message: 'The boot loader has 1024 bytes after its first sector, but its boot region (at byte 426) says 0',
    },
    {
      fault: 'cut short by a sector',
      bytes: fakeBootLoader().subarray(0, 1024),
      message: 'The boot loader has 512 bytes after its first sector, but its boot region (at byte 426) says 1024',
    },
    {
      fault: 'whose partition table is code',
      bytes: fakeBootLoader().fill(0x90, 446, 510),
      message: 'Partition entry: isActive is 144, expected 0 or 128 (at byte 446)',
    },
  ])('refuses a boot loader $fault', ({ bytes, message }) => {
    const failure = failureOf(() => checkBootLoader(bytes));
    expect(failure.code).toBe('PVM_BAD_BOOT_LOADER');
    expect(failure.message).toContain(message);
  });
});

describe('withPartitions', () => {
  it('changes the table alone, and a copy', () => {
    const bootLoader = fakeBootLoader();
    const result = withPartitions(bootLoader, [nanosPartition({ offset: 8192, sizeBytes: 4096 })]);
    expect(result.subarray(446, 462)).not.toEqual(new Uint8Array(16));
    expect(result.slice().fill(0, 446, 462)).toEqual(bootLoader);
    expect(bootLoader).toEqual(fakeBootLoader());
  });
});
