import { array, bytes, choice, constant, u24, u32, u64, u8 } from '../codec/codec.js';
import { record } from '../codec/record.js';

/** The signature at byte 510; a disk without it is a data volume, not a boot disk. */
export const SIGNATURE = Uint8Array.of(0x55, 0xaa);

/** Type of the boot region (nanos `src/kernel/region.h`, REGION_FILESYSTEM). */
export const REGION_TYPE = 12;

export const PARTITION_TYPES = { none: 0, nanos: 0x83, efi: 0xef } as const;

/** One of the four entries of the partition table at byte 446 of sector 0. Nanos addresses sectors by number, never by cylinder, head and sector. */
export const partitionEntry = record('Partition entry', {
  isActive: choice(u8, [
    [0x00, false],
    [0x80, true],
  ]),
  firstChs: u24,
  type: u8,
  lastChs: u24,
  firstSector: u32,
  sectorCount: u32,
});

/** What stage 1 tells stage 2 about itself, just before the partition table (nanos `platform/pc/boot/stage1.s`, `fsentry`). */
export const bootRegion = record('Boot region', {
  /** Where stage 2 lies in memory. */
  base: u64,
  /** Size of stage 2 in bytes. */
  length: u64,
  /** {@link REGION_TYPE}, or the fields are no region. */
  type: u32,
});

export const masterBootRecord = record('Master boot record', {
  bootCode: bytes(426),
  bootRegion,
  partitions: array(partitionEntry, 4),
  signature: constant(SIGNATURE),
});

export type PartitionEntry = ReturnType<typeof partitionEntry.decode>;
export type BootRegion = ReturnType<typeof bootRegion.decode>;
export type MasterBootRecord = ReturnType<typeof masterBootRecord.decode>;
