import { type ByteSource, type DiskImage, openImage } from '@package-vm/disk-image';
import { PackageVmError, isPackageVmError } from '@package-vm/errors';
import { openFileSource } from '../host-files/file-source.js';

export interface OpenedImage {
  readonly path: string;
  readonly image: DiskImage;
  /** Its bytes. */
  readonly source: ByteSource;
  readonly close: () => void;
}

/** Opens an image, or a bare TFS file system, for reading. Close it when done. @throws PVM_NO_FILE, PVM_BAD_IMAGE */
export function openImageFile(path: string): OpenedImage {
  const source = openFileSource(path);
  try {
    return {
      path,
      source,
      image: openImage(source),
      close() {
        source.close();
      },
    };
  } catch (error) {
    source.close();
    throw namingTheFile(error, path);
  }
}

function namingTheFile(error: unknown, path: string): unknown {
  if (!isPackageVmError(error) || error.code !== 'PVM_BAD_IMAGE') return error;
  return new PackageVmError(error.code, `\`${path}\` is no sound image: ${error.message}`, { cause: error, hint: error.hint ?? 'Build it again, or get a whole copy.' });
}

/** Opens an image, uses it, and closes it whatever happens. */
export function withImageFile<Result>(path: string, use: (image: DiskImage) => Result): Result {
  const opened = openImageFile(path);
  try {
    return use(opened.image);
  } finally {
    opened.close();
  }
}
