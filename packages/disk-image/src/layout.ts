// Where things are on a disk of Nanos. Sources: nanos `tools/mkfs.c`, `src/runtime/storage.h`, `src/config.h`; ops `fs/mkfs.go`.

/**
 * Version of the bytes that {@link layOutImage} gives for an input. A program's identity depends on these bytes: whoever changes one
 * raises the version.
 */
export const LAYOUT_VERSION = 1;

export const SECTOR_BYTES = 512;

/** Boot loader, log dump, boot file system, root file system: in this order, without gaps. */
export const KLOG_BYTES = 4096;
export const BOOT_FILE_SYSTEM_BYTES = 12 * 1024 * 1024;

/** Stage 2 computes the boot file system's offset in 32 bits (nanos `platform/pc/boot/stage2.c`). */
export const BOOT_FILE_SYSTEM_END_MAX_BYTES = 2 ** 32;

/** Partition entries count sectors in 32 bits. */
export const IMAGE_MAX_BYTES = (2 ** 32 - 1) * SECTOR_BYTES;

export function sectorsOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / SECTOR_BYTES);
}
