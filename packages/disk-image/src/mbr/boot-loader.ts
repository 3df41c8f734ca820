import { PackageVmError } from '@package-vm/errors';
import { SECTOR_BYTES } from '../layout.js';
import { BOOT_REGION_OFFSET, masterBootRecord, PARTITION_COUNT, type PartitionEntry, REGION_TYPE, SIGNATURE, SIGNATURE_OFFSET } from './master-boot-record.js';
import { NO_PARTITION } from './partition.js';

/**
 * A boot loader whose size and boot region agree: Nanos and ops find the first partition through the region's length, we through the
 * file's. No bytes at all give a sector without code, as ops writes where `boot.img` is missing.
 *
 * @throws PVM_BAD_BOOT_LOADER
 */
export function checkBootLoader(bootLoader: Uint8Array): Uint8Array {
  if (bootLoader.length === 0) return emptyBootLoader();
  if (bootLoader.length % SECTOR_BYTES !== 0) {
    throw badBootLoader(`has ${bootLoader.length} bytes, expected a multiple of ${SECTOR_BYTES}`);
  }
  if (!hasSignature(bootLoader)) throw badBootLoader(`has no signature 0x55AA at byte ${SIGNATURE_OFFSET}`);
  const { bootRegion } = masterBootRecord.decode(bootLoader.subarray(0, SECTOR_BYTES), { code: 'PVM_BAD_BOOT_LOADER' });
  const length = bootRegion.type === REGION_TYPE ? bootRegion.length : 0n;
  const stage2Bytes = bootLoader.length - SECTOR_BYTES;
  if (length !== BigInt(stage2Bytes)) {
    throw badBootLoader(`has ${stage2Bytes} bytes after its first sector, but its boot region (at byte ${BOOT_REGION_OFFSET}) says ${length.toString()}`);
  }
  return bootLoader;
}

/** The boot loader with a partition table. */
export function withPartitions(bootLoader: Uint8Array, partitions: readonly PartitionEntry[]): Uint8Array {
  const boot = masterBootRecord.decode(bootLoader.subarray(0, SECTOR_BYTES));
  const table = Array.from({ length: PARTITION_COUNT }, (_, index) => partitions[index] ?? NO_PARTITION);
  const result = bootLoader.slice();
  result.set(masterBootRecord.encode({ ...boot, partitions: table }));
  return result;
}

export function hasSignature(firstSector: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => firstSector[SIGNATURE_OFFSET + index] === byte);
}

function emptyBootLoader(): Uint8Array {
  return masterBootRecord.encode({
    bootCode: new Uint8Array(BOOT_REGION_OFFSET),
    bootRegion: { base: 0n, length: 0n, type: 0 },
    partitions: Array.from({ length: PARTITION_COUNT }, () => NO_PARTITION),
  });
}

function badBootLoader(message: string): PackageVmError {
  return new PackageVmError('PVM_BAD_BOOT_LOADER', `The boot loader ${message}`, {
    hint: 'Take `boot.img` from a Nanos release, unchanged.',
  });
}
