import { type DiskImage, type FileSystem } from '@package-vm/disk-image';
import { createHash } from 'node:crypto';
import { openImageFile } from './open-image-file.js';
import { tupleToJson } from './tuple-to-json.js';

export interface FileSystemDescription {
  readonly uuid: string;
  readonly label: string;
  readonly logExtensions: number;
  readonly files: number;
  readonly directories: number;
  readonly links: number;
  readonly contentBytes: number;
}

/** What an image is, without its files. */
export interface ImageDescription {
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** What a Gevulot node calls the image's checksum. */
  readonly blake3: string;
  readonly partitions: readonly { readonly index: number; readonly firstSector: number; readonly sectorCount: number; readonly isActive: boolean }[];
  readonly bootFileSystem: FileSystemDescription | undefined;
  readonly bootFiles: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly root: FileSystemDescription;
  /** The root tuple as JSON: program, arguments, environment, mounts, … */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What the kernel left behind when a program failed on a writable disk. */
  readonly klog: { readonly exitCode: number; readonly messages: string } | undefined;
}

/** Reads an image and tells what it is. @throws PVM_NO_FILE, PVM_BAD_IMAGE */
export async function describeImage(imagePath: string): Promise<ImageDescription> {
  // native code: only loaded where a digest is wanted
  const { Blake3Hasher } = await import('@napi-rs/blake-hash');
  const { image, source, close } = openImageFile(imagePath);
  try {
    const sha256 = createHash('sha256');
    const blake3 = new Blake3Hasher();
    for (let offset = 0; offset < source.sizeBytes; offset += CHUNK_BYTES) {
      const piece = source.read(offset, Math.min(CHUNK_BYTES, source.sizeBytes - offset));
      sha256.update(piece);
      blake3.update(piece);
    }
    return { ...describe(image), sizeBytes: source.sizeBytes, sha256: sha256.digest('hex'), blake3: blake3.digest('hex') };
  } finally {
    close();
  }
}

const CHUNK_BYTES = 1024 * 1024;

function describe(image: DiskImage): Omit<ImageDescription, 'sizeBytes' | 'sha256' | 'blake3'> {
  const { mbr, klog, bootFileSystem, root } = image;
  return {
    partitions: (mbr?.partitions ?? []).map(({ index, firstSector, sectorCount, isActive }) => ({ index, firstSector, sectorCount, isActive })),
    bootFileSystem: bootFileSystem === undefined ? undefined : describeFileSystem(bootFileSystem),
    bootFiles: (bootFileSystem?.entries ?? []).flatMap((entry) => (entry.kind === 'file' ? [{ path: entry.path, sizeBytes: entry.sizeBytes }] : [])),
    root: describeFileSystem(root),
    attributes: tupleToJson(root.attributes),
    klog: klog === undefined || klog.messages === '' ? undefined : { exitCode: klog.exitCode, messages: klog.messages },
  };
}

function describeFileSystem({ uuid, label, logExtensions, entries }: FileSystem): FileSystemDescription {
  const count = (kind: string): number => entries.filter((entry) => entry.kind === kind).length;
  return {
    uuid,
    label,
    logExtensions,
    files: count('file'),
    directories: count('directory'),
    links: count('link'),
    contentBytes: entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.sizeBytes : 0), 0),
  };
}
