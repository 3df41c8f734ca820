import fc from 'fast-check';
import { hex } from '../testing/hex.js';
import { bootRegion, masterBootRecord, partitionEntry } from './master-boot-record.js';
import { nanosPartition } from './partition.js';

// written by sfdisk 2.38.1: start=2048, size=24576, type=83, bootable
const SFDISK_BYTES = hex('80 202100 83 a72601 00080000 00600000');

const u8 = fc.integer({ min: 0, max: 2 ** 8 - 1 });
const u24 = fc.integer({ min: 0, max: 2 ** 24 - 1 });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const anyEntry = fc.record({ isActive: fc.boolean(), firstChs: u24, type: u8, lastChs: u24, firstSector: u32, sectorCount: u32 });
const anyRegion = fc.record({ base: u64, length: u64, type: u32 });

describe('partitionEntry', () => {
  it('reads what sfdisk wrote', () => {
    expect(partitionEntry.decode(SFDISK_BYTES)).toMatchObject({ isActive: true, type: 0x83, firstSector: 2048, sectorCount: 24576 });
  });

  it('gives these bytes back', () => {
    expect(partitionEntry.encode(partitionEntry.decode(SFDISK_BYTES))).toEqual(SFDISK_BYTES);
  });

  it('counts cylinders, heads and sectors as sfdisk does', () => {
    expect(partitionEntry.encode(nanosPartition({ offset: 2048 * 512, sizeBytes: 24576 * 512 }))).toEqual(SFDISK_BYTES);
  });

  it.each([
    { reason: 'the first sector of all', sector: 0, chs: '00 01 00' },
    { reason: 'the last sector of a track', sector: 62, chs: '00 3f 00' },
    { reason: 'the next track', sector: 63, chs: '01 01 00' },
    { reason: 'the last head', sector: 63 * 255 - 1, chs: 'fe 3f 00' },
    { reason: 'the next cylinder', sector: 63 * 255, chs: '00 01 01' },
    { reason: 'the last cylinder (with its high bits where ops writes them)', sector: 63 * 255 * 1024 - 1, chs: 'fe 3f ff' },
    { reason: 'a cylinder beyond the last', sector: 63 * 255 * 1024, chs: 'fe 3f ff' },
  ])('clamps and counts: $reason', ({ sector, chs }) => {
    const bytes = partitionEntry.encode(nanosPartition({ offset: sector * 512, sizeBytes: 512 }));
    expect(bytes.subarray(1, 4)).toEqual(hex(chs));
  });

  it.each([
    { fault: 'cut short', bytes: '80 2001', message: 'Partition entry needs 16 bytes, found 3 (at byte 0)' },
    { fault: 'that is empty', bytes: '', message: 'Partition entry needs 16 bytes, found 0 (at byte 0)' },
    {
      fault: 'of unknown status',
      bytes: '42 202100 83 a72601 00080000 00600000',
      message: 'Partition entry: isActive is 66, expected 0 or 128 (at byte 0)',
    },
  ])('refuses an entry $fault', ({ bytes, message }) => {
    expect(() => partitionEntry.decode(hex(bytes))).toThrow(message);
  });

  it('refuses to write a number that does not fit', () => {
    const entry = partitionEntry.decode(SFDISK_BYTES);
    expect(() => partitionEntry.encode({ ...entry, sectorCount: 2 ** 32 })).toThrow(RangeError);
    expect(() => partitionEntry.encode({ ...entry, firstChs: -1 })).toThrow(RangeError);
    expect(() => partitionEntry.encode({ ...entry, type: 1.5 })).toThrow('Partition entry: type is 1.5, expected 0 to 255');
  });

  it('gives back any entry', () => {
    fc.assert(fc.property(anyEntry, (entry) => {
        expect(partitionEntry.decode(partitionEntry.encode(entry))).toEqual(entry);
      }));
  });
});

describe('bootRegion', () => {
  // from nanos `platform/pc/boot/stage1.s`: dq 0x8000, dq 0xe000, dd 12
  const STAGE1_BYTES = hex('0080000000000000 00e0000000000000 0c000000');

  it('reads what an assembler wrote and gives it back', () => {
    const region = bootRegion.decode(STAGE1_BYTES);
    expect(region).toEqual({ base: 0x8000n, length: 0xe000n, type: 12 });
    expect(bootRegion.encode(region)).toEqual(STAGE1_BYTES);
  });

  it('gives back any region', () => {
    fc.assert(fc.property(anyRegion, (region) => {
        expect(bootRegion.decode(bootRegion.encode(region))).toEqual(region);
      }));
  });

  it('refuses to write a number that does not fit', () => {
    expect(() => bootRegion.encode({ base: 2n ** 64n, length: 0n, type: 0 })).toThrow(RangeError);
  });
});

describe('masterBootRecord', () => {
  it('gives back any record', () => {
    const anyRecord = fc.record({
      bootCode: fc.uint8Array({ minLength: 426, maxLength: 426 }),
      bootRegion: anyRegion,
      partitions: fc.array(anyEntry, { minLength: 4, maxLength: 4 }),
    });
    fc.assert(fc.property(anyRecord, (value) => {
        expect(masterBootRecord.decode(masterBootRecord.encode(value))).toEqual(value);
      }));
  });

  it('refuses a sector without signature, and names the byte', () => {
    expect(() => masterBootRecord.decode(new Uint8Array(512))).toThrow('Master boot record: signature is 0000, expected 55aa (at byte 510)');
  });

  it('refuses to write another number of partitions', () => {
    const value = { bootCode: new Uint8Array(426), bootRegion: { base: 0n, length: 0n, type: 0 }, partitions: [] };
    expect(() => masterBootRecord.encode(value)).toThrow('Master boot record: partitions has 0 elements, expected 4');
  });

  it('refuses to write boot code of another size', () => {
    const value = { bootCode: new Uint8Array(425), bootRegion: { base: 0n, length: 0n, type: 0 }, partitions: [] };
    expect(() => masterBootRecord.encode(value)).toThrow('Master boot record: bootCode has 425 bytes, expected 426');
  });
});
