import { type DiskImage, type FileSystem } from '@package-vm/disk-image';
import { PackageVmError } from '@package-vm/errors';
import { openImageFile, withImageFile } from './open-image-file.js';

export type ListedEntry = FileSystem['entries'][number];

export interface ListImageOptions {
  readonly imagePath: string;
  /** Folder or file inside the image; default `/`. */
  readonly guestPath?: string;
  /** Whether to go into folders below; default: only what is in the folder itself. */
  readonly isRecursive?: boolean;
  /** Read the boot file system (kernel, klibs) instead of the root. */
  readonly isBoot?: boolean;
}

export interface ReadImageFileOptions extends Pick<ListImageOptions, 'imagePath' | 'isBoot'> {
  readonly guestPath: string;
  readonly onPiece: (piece: Uint8Array) => Promise<void> | void;
}

/** The entries of an image at a guest path, sorted by path. @throws PVM_NO_FILE, PVM_BAD_IMAGE, PVM_NOT_IN_IMAGE */
export function listImage(options: ListImageOptions): readonly ListedEntry[] {
  const guestPath = normalizeGuestPath(options.guestPath ?? '/');
  return withImageFile(options.imagePath, (image) => {
    const fileSystem = fileSystemOf(image, options);
    const self = fileSystem.find(guestPath);
    if (self === undefined && guestPath !== '/') throw notInImage(options.imagePath, guestPath);
    if (self !== undefined && self.kind !== 'directory') return [self];
    const prefix = guestPath === '/' ? '/' : `${guestPath}/`;
    return fileSystem.entries.filter(({ path }) => path.startsWith(prefix) && (options.isRecursive === true || !path.includes('/', prefix.length)));
  });
}

/**
 * Hands out the content of a file in an image, in pieces of at most 1 MiB, one after the other. Links are followed.
 *
 * @throws PVM_NO_FILE, PVM_BAD_IMAGE, PVM_NOT_IN_IMAGE
 */
export async function readImageFile(options: ReadImageFileOptions): Promise<void> {
  const { imagePath, onPiece } = options;
  const guestPath = normalizeGuestPath(options.guestPath);
  const opened = openImageFile(imagePath);
  try {
    const fileSystem = fileSystemOf(opened.image, options);
    const path = fileSystem.resolve(guestPath);
    if (path === undefined) throw notInImage(imagePath, guestPath);
    if (fileSystem.find(path)?.kind !== 'file') {
      throw new PackageVmError('PVM_NOT_IN_IMAGE', `\`${guestPath}\` is a folder of \`${imagePath}\`, expected a file`, { hint: `List it with \`package-vm ls ${imagePath} ${guestPath}\`.` });
    }
    for (const piece of fileSystem.readFile(path)) await onPiece(piece);
  } finally {
    opened.close();
  }
}

/** @throws PVM_NOT_IN_IMAGE */
export function fileSystemOf(image: DiskImage, { imagePath, isBoot }: Pick<ListImageOptions, 'imagePath' | 'isBoot'>): FileSystem {
  if (isBoot !== true) return image.root;
  if (image.bootFileSystem !== undefined) return image.bootFileSystem;
  throw new PackageVmError('PVM_NOT_IN_IMAGE', `\`${imagePath}\` has no boot file system`, { hint: 'It is a bare file system: leave out `--boot`.' });
}

function normalizeGuestPath(path: string): string {
  return `/${path.split('/').filter((part) => part !== '' && part !== '.').join('/')}`;
}

function notInImage(imagePath: string, guestPath: string): PackageVmError {
  return new PackageVmError('PVM_NOT_IN_IMAGE', `\`${guestPath}\` is not in \`${imagePath}\``, {
    hint: `See what is there with \`package-vm tree ${imagePath}\`.`,
  });
}
