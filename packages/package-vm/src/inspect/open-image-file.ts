import { type DiskImage, openImage } from '@package-vm/disk-image';
import { openFileSource } from '../host-files/file-source.js';

export interface OpenedImage {
  readonly path: string;
  readonly image: DiskImage;
  close(): void;
}

/** Opens an image, or a bare TFS file system, for reading. Close it when done. @throws PVM_NO_FILE, PVM_BAD_IMAGE */
export function openImageFile(path: string): OpenedImage {
  const source = openFileSource(path);
  try {
    return {
      path,
      image: openImage(source),
      close() {
        source.close();
      },
    };
  } catch (error) {
    source.close();
    throw error;
  }
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
