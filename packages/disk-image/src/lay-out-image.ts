import { PackageVmError } from '@package-vm/errors';
import { BOOT_FILE_SYSTEM_BYTES, BOOT_FILE_SYSTEM_END_MAX_BYTES, IMAGE_MAX_BYTES, KLOG_BYTES, LAYOUT_VERSION } from './layout.js';
import { checkBootLoader, withPartitions } from './mbr/boot-loader.js';
import { nanosPartition } from './mbr/partition.js';
import { fillGaps, type Segment } from './segment.js';
import { type FileSystemLayout, layOutFileSystem } from './tfs/lay-out-file-system.js';
import { type TreeEntry, type Tuple } from './tree.js';

export interface ImageSpec {
  /** `boot.img` of a Nanos release; empty for a disk that boots by other means. */
  readonly bootLoader: Uint8Array;
  /** The boot file system: `/kernel`, `/klib/<name>`. */
  readonly bootFiles: readonly TreeEntry[];
  /** The root file system. In any order; folders may be left out where something is inside them. */
  readonly entries: readonly TreeEntry[];
  /** The root tuple without `children`: program, arguments, environment, mounts, … */
  readonly attributes: Tuple;
  /**
   * Free space of the root file system, in bytes; rounded up to sectors. A guest that writes to its root needs 1 MiB of it for its log
   * before the first file.
   */
  readonly freeBytes: number;
  /** Label of the root file system, at most 31 bytes. */
  readonly label?: string;
}

export interface ImageLayout {
  readonly sizeBytes: number;
  /** Of the root file system, e.g. `00112233-4455-8677-8899-aabbccddeeff`; follows from its content. */
  readonly uuid: string;
  readonly layoutVersion: number;
  /** Ascending, without gaps; they cover the file exactly. */
  readonly segments: readonly Segment[];
}

/**
 * Decides every byte of an image that boots through a BIOS: boot loader with partition table, kernel log, boot file system, root file
 * system. A pure function: the same input gives the same segments, whatever the order of its entries.
 *
 * @throws PVM_BAD_BOOT_LOADER, PVM_BAD_TREE, PVM_BOOT_FILES_TOO_LARGE, PVM_IMAGE_TOO_LARGE
 */
export function layOutImage({ bootLoader, bootFiles, entries, attributes, freeBytes, label = '' }: ImageSpec): ImageLayout {
  const loader = checkBootLoader(bootLoader);
  const boot = layOutFileSystem({ name: 'boot', entries: bootFiles, attributes: new Map(), label: '', freeBytes: 0 });
  const root = layOutFileSystem({ name: 'root', entries, attributes, label, freeBytes });

  const bootOffset = loader.length + KLOG_BYTES;
  const rootOffset = bootOffset + BOOT_FILE_SYSTEM_BYTES;
  const sizeBytes = rootOffset + root.sizeBytes;
  checkSizes({ boot, rootOffset, sizeBytes });

  const loaderBytes = withPartitions(loader, [
    nanosPartition({ offset: bootOffset, sizeBytes: BOOT_FILE_SYSTEM_BYTES }),
    nanosPartition({ offset: rootOffset, sizeBytes: root.sizeBytes }),
  ]);
  const segments: Segment[] = [{ kind: 'bytes', offset: 0, bytes: loaderBytes }, ...moved(boot, bootOffset), ...moved(root, rootOffset)];
  return { sizeBytes, uuid: root.uuid, layoutVersion: LAYOUT_VERSION, segments: fillGaps(segments, sizeBytes) };
}

function checkSizes({ boot, rootOffset, sizeBytes }: { boot: FileSystemLayout; rootOffset: number; sizeBytes: number }): void {
  const excess = boot.sizeBytes - BOOT_FILE_SYSTEM_BYTES;
  if (excess > 0) {
    throw new PackageVmError(
      'PVM_BOOT_FILES_TOO_LARGE',
      `Kernel and klibs need ${boot.sizeBytes} bytes, ${excess} more than the boot file system's ${BOOT_FILE_SYSTEM_BYTES}`,
      { hint: 'Leave out klibs that the program does not need.', data: { sizeBytes: boot.sizeBytes, maximumBytes: BOOT_FILE_SYSTEM_BYTES } },
    );
  }
  if (rootOffset > BOOT_FILE_SYSTEM_END_MAX_BYTES) {
    throw new PackageVmError(
      'PVM_BAD_BOOT_LOADER',
      `The boot loader is too large: the boot file system ends at byte ${rootOffset}, expected at most ${BOOT_FILE_SYSTEM_END_MAX_BYTES}`,
    );
  }
  if (sizeBytes > IMAGE_MAX_BYTES) {
    throw new PackageVmError('PVM_IMAGE_TOO_LARGE', `The image needs ${sizeBytes} bytes, expected at most ${IMAGE_MAX_BYTES}`, {
      data: { sizeBytes, maximumBytes: IMAGE_MAX_BYTES },
    });
  }
}

function moved({ segments }: FileSystemLayout, by: number): Segment[] {
  return segments.map((segment) => ({ ...segment, offset: segment.offset + by }));
}
