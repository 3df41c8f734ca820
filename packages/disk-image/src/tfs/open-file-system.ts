import { PackageVmError } from '@package-vm/errors';
import { type Region } from '../region.js';
import { type Tuple } from '../tree.js';
import { type EntryContext } from './entry-tuples.js';
import { readContent } from './read-content.js';
import { readLog } from './read-log.js';
import { type ImageEntry, readAttributes, readTree } from './read-tree.js';
import { resolvePath } from './resolve-path.js';
import { formatUuid } from './uuid.js';

/** A file system of an image, read and checked. */
export interface FileSystem {
  /** As Nanos prints it, e.g. `00112233-4455-6677-8899-aabbccddeeff`. */
  readonly uuid: string;
  readonly label: string;
  /** Number of pieces that the log lies in. */
  readonly logExtensions: number;
  /** The root tuple without `children`. */
  readonly attributes: Tuple;
  /** Sorted by path (UTF-16 code units), without `/`. */
  readonly entries: readonly ImageEntry[];
  find(path: string): ImageEntry | undefined;
  /**
   * The bytes of the file that an entry of this path names (links are not followed), in chunks of at most 1 MiB, holes as zeros.
   * A chunk is valid until the next is asked for.
   *
   * @throws PVM_NOT_IN_IMAGE for a path that names no file
   */
  readFile(path: string): Iterable<Uint8Array>;
  /** Where a path leads when links are followed: the path of a directory or file, `/`, or undefined. */
  resolve(path: string): string | undefined;
}

/**
 * Reads a file system's log and checks everything in it; contents of files are read when they are asked for.
 *
 * @throws PVM_BAD_IMAGE, with the byte of the disk
 */
export function openFileSystem(region: Region): FileSystem {
  const { uuid, label, extensionCount, root, decoder } = readLog(region);
  const context: EntryContext = { sizeBytes: region.sizeBytes, fault: (tuple, message) => decoder.fault(tuple, message) };
  const { entries, contents } = readTree(root, context);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const find = (path: string): ImageEntry | undefined => byPath.get(path);
  return {
    uuid: formatUuid(uuid),
    label,
    logExtensions: extensionCount,
    attributes: readAttributes(root, context),
    entries,
    find,
    readFile(path) {
      const content = contents.get(path);
      if (content === undefined) throw new PackageVmError('PVM_NOT_IN_IMAGE', `The image has no file \`${path}\``, { data: { path } });
      return readContent(region, content);
    },
    resolve: (path) => resolvePath(find, path),
  };
}
