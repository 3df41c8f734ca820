import { PackageVmError } from '@package-vm/errors';
import { SECTOR_BYTES } from './layout.js';
import { type Klog } from './mbr/klog.js';
import { PARTITION_TABLE_OFFSET, PARTITION_TYPES, partitionEntry } from './mbr/master-boot-record.js';
import { type Mbr, type Partition, readKlog, readMbr } from './mbr/read-mbr.js';
import { type Region, regionOf } from './region.js';
import { type FileSystem, openFileSystem } from './tfs/open-file-system.js';
import { type ByteSource } from './tree.js';

/** A disk of Nanos, read and checked but for the contents of its files. */
export interface DiskImage {
  readonly sizeBytes: number;
  /** Undefined for a data volume. */
  readonly mbr: Mbr | undefined;
  /** What the kernel left when the program ended with another code than 0. */
  readonly klog: Klog | undefined;
  /** Kernel and klibs; undefined for a data volume. */
  readonly bootFileSystem: FileSystem | undefined;
  readonly root: FileSystem;
}

/**
 * Opens an image of a boot disk (BIOS or UEFI), or a data volume: a file system from the first byte on.
 *
 * @throws PVM_BAD_IMAGE, with the byte of the image
 */
export function openImage(source: ByteSource): DiskImage {
  const { sizeBytes } = source;
  const mbr = readMbr(source);
  if (mbr === undefined) {
    const root = openFileSystem(regionOf(source, { offset: 0, sizeBytes }));
    return { sizeBytes, mbr, klog: undefined, bootFileSystem: undefined, root };
  }
  const [boot, root] = mbr.partitions.filter(({ type }) => type === PARTITION_TYPES.nanos);
  if (boot === undefined || root === undefined) {
    throw new PackageVmError('PVM_BAD_IMAGE', `Partition table has no boot and root file system (at byte ${PARTITION_TABLE_OFFSET})`);
  }
  return {
    sizeBytes,
    mbr,
    klog: readKlog(source, mbr),
    bootFileSystem: openFileSystem(partitionRegion(source, boot)),
    // like the kernel: the root file system ends with the disk, whatever the table says
    root: openFileSystem(partitionRegion(source, { ...root, sectorCount: Math.floor(sizeBytes / SECTOR_BYTES) - root.firstSector })),
  };
}

function partitionRegion(source: ByteSource, { index, firstSector, sectorCount }: Partition): Region {
  if (sectorCount <= 0 || (firstSector + sectorCount) * SECTOR_BYTES > source.sizeBytes) {
    const at = PARTITION_TABLE_OFFSET + index * partitionEntry.sizeBytes;
    throw new PackageVmError(
      'PVM_BAD_IMAGE',
      `Partition ${index} from sector ${firstSector} with ${sectorCount} sectors is not inside the disk of ${source.sizeBytes} bytes (at byte ${at})`,
    );
  }
  return regionOf(source, { offset: firstSector * SECTOR_BYTES, sizeBytes: sectorCount * SECTOR_BYTES });
}
