import { array, bytes, choice, constant, u24, u32, u64, u8 } from '../codec/codec.js';
import { record } from '../codec/record.js';

// The first sector: code, boot region, partition table, signature.
export const BOOT_REGION_OFFSET = 426;
export const PARTITION_TABLE_OFFSET = 446;
export const PARTITION_COUNT = 4;
export const SIGNATURE_OFFSET = 510;

/** A disk without it is a data volume, not a boot disk. */
export const SIGNATURE = Uint8Array.of(0x55, 0xaa);

/** Type of the boot region (nanos `src/kernel/region.h`, REGION_FILESYSTEM). */
export const REGION_TYPE = 12;

export const PARTITION_TYPES = { none: 0, nanos: 0x83, efi: 0xef } as const;

/** One of the four entries of the partition table. Nanos addresses sectors by number, never by cylinder, head and sector. */
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
  bootCode: bytes(BOOT_REGION_OFFSET),
  bootRegion,
  partitions: array(partitionEntry, PARTITION_COUNT),
  signature: constant(SIGNATURE),
});

export type PartitionEntry = ReturnType<typeof partitionEntry.decode>;
export type BootRegion = ReturnType<typeof bootRegion.decode>;
export type MasterBootRecord = ReturnType<typeof masterBootRecord.decode>;
