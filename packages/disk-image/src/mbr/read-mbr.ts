import { PackageVmError } from '@package-vm/errors';
import { KLOG_BYTES, SECTOR_BYTES } from '../layout.js';
import { type ByteSource } from '../tree.js';
import { hasSignature } from './boot-loader.js';
import { decodeKlog, type Klog } from './klog.js';
import { type BootRegion, masterBootRecord, PARTITION_TYPES, REGION_TYPE } from './master-boot-record.js';

export interface Partition {
  /** Place in the table, from 0. */
  readonly index: number;
  /** One of {@link PARTITION_TYPES}, or another system's. */
  readonly type: number;
  readonly isActive: boolean;
  readonly firstSector: number;
  readonly sectorCount: number;
}

/** The first sector of a boot disk. */
export interface Mbr {
  /** Those in use, in the order of the table. */
  readonly partitions: readonly Partition[];
  /** What the boot loader says about itself; undefined where there is none. */
  readonly bootRegion: Pick<BootRegion, 'base' | 'length'> | undefined;
}

/**
 * Reads the master boot record; undefined for a disk without its signature, which is a data volume.
 *
 * @throws PVM_BAD_IMAGE
 */
export function readMbr(source: ByteSource): Mbr | undefined {
  if (source.sizeBytes < SECTOR_BYTES) {
    throw new PackageVmError('PVM_BAD_IMAGE', `A disk needs ${SECTOR_BYTES} bytes, found ${source.sizeBytes} (at byte 0)`);
  }
  const sector = source.read(0, SECTOR_BYTES);
  if (!hasSignature(sector)) return undefined;
  const { partitions, bootRegion } = masterBootRecord.decode(sector);
  return {
    partitions: partitions
      .map(({ type, isActive, firstSector, sectorCount }, index) => ({ index, type, isActive, firstSector, sectorCount }))
      .filter(({ type }) => type !== PARTITION_TYPES.none),
    bootRegion: bootRegion.type === REGION_TYPE ? { base: bootRegion.base, length: bootRegion.length } : undefined,
  };
}

/** Reads the kernel's log dump, which ends where the first partition begins. */
export function readKlog(source: ByteSource, { partitions }: Mbr): Klog | undefined {
  const offset = (partitions[0]?.firstSector ?? 0) * SECTOR_BYTES - KLOG_BYTES;
  if (offset < SECTOR_BYTES || offset + KLOG_BYTES > source.sizeBytes) return undefined;
  return decodeKlog(source.read(offset, KLOG_BYTES));
}
