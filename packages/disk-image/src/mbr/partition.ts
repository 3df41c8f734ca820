import { SECTOR_BYTES } from '../layout.js';
import { PARTITION_TYPES, type PartitionEntry } from './master-boot-record.js';

// the geometry that ops and mkfs assume (nanos `src/runtime/storage.h`)
const SECTORS_PER_TRACK = 63;
const HEADS = 255;
const LAST_CYLINDER = 1023;

export const NO_PARTITION: PartitionEntry = { isActive: false, firstChs: 0, type: PARTITION_TYPES.none, lastChs: 0, firstSector: 0, sectorCount: 0 };

/** The entry of a Nanos file system, with the fields that ops writes. */
export function nanosPartition({ offset, sizeBytes }: { offset: number; sizeBytes: number }): PartitionEntry {
  const firstSector = offset / SECTOR_BYTES;
  const sectorCount = sizeBytes / SECTOR_BYTES;
  return {
    isActive: true,
    firstChs: chsOf(firstSector),
    type: PARTITION_TYPES.nanos,
    lastChs: chsOf(firstSector + sectorCount - 1),
    firstSector,
    sectorCount,
  };
}

/**
 * Cylinder, head and sector as the three bytes of an entry. The sector's byte carries the cylinder's bits 8 and 9 as bits 0 and 1, as
 * ops and mkfs write them, where the standard has bits 6 and 7: nothing reads them.
 */
function chsOf(sector: number): number {
  const track = Math.floor(sector / SECTORS_PER_TRACK);
  const isBeyond = Math.floor(track / HEADS) > LAST_CYLINDER;
  const cylinder = isBeyond ? LAST_CYLINDER : Math.floor(track / HEADS);
  const headByte = isBeyond ? HEADS - 1 : track % HEADS;
  const sectorByte = (cylinder >> 8) | (isBeyond ? SECTORS_PER_TRACK : (sector % SECTORS_PER_TRACK) + 1);
  return headByte | (sectorByte << 8) | ((cylinder & 0xff) << 16);
}
