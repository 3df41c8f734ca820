/** A value of a TFS tuple. Tuples are maps in the order of the log. Integers are `bigint`, symbols and buffers that are UTF-8 are strings. */
export type Value = string | bigint | readonly Value[] | Tuple;
export type Tuple = ReadonlyMap<string, Value>;

export interface DirectoryEntry {
  readonly kind: 'directory';
  /** Absolute path inside the file system, e.g. `/etc/ssl`; never `/` itself. */
  readonly path: string;
}

export interface FileEntry {
  readonly kind: 'file';
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal SHA-256 of the content. */
  readonly sha256: string;
}

/** A symbolic link. */
export interface LinkEntry {
  readonly kind: 'link';
  readonly path: string;
  readonly target: string;
}

export type TreeEntry = DirectoryEntry | FileEntry | LinkEntry;

/** Random access to the bytes of a disk or a file. `read` returns exactly `length` bytes or throws a `RangeError`. */
export interface ByteSource {
  readonly sizeBytes: number;
  read(offset: number, length: number): Uint8Array;
}
