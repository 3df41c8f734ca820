// The Tiny File System's log. Sources: nanos `src/fs/tlog.c`, `src/fs/tfs.c`, `src/runtime/tuple.c`; ops `fs/tfs.go`.

export const MAGIC = new TextEncoder().encode('NVMTFS');
export const VERSION = 5;

/** Extension 0 is one sector with uuid, label and a link; the kernel and ops give the others this size, and ops reads no other. */
export const FIRST_EXTENSION_SECTORS = 1;
export const EXTENSION_SECTORS = 1024;

export const UUID_BYTES = 16;
/** With its final NUL (VOLUME_LABEL_MAX_LEN). */
export const LABEL_FIELD_BYTES = 32;

export const RECORD_KINDS = { endOfLog: 1, tuple: 2, continuation: 3, endOfSegment: 4, link: 5 } as const;

/** Both writers leave the longest link record and the longest head of a tuple record free at the end of an extension. */
export const LINK_RESERVE_BYTES = 1 + 2 * 10;
export const TUPLE_HEAD_RESERVE_BYTES = 1 + 2 * 10;

export const VALUE_TYPES = { symbol: 0, tuple: 1, vector: 2, integer: 3, string: 4 } as const;

/** Attributes that make a tuple a directory, a file or a link. */
export const CHILDREN = 'children';
export const FILE_LENGTH = 'filelength';
export const EXTENTS = 'extents';
export const LINK_TARGET = 'linktarget';

/** NAME_MAX and PATH_MAX without its NUL (nanos `src/fs/fs.h`), in bytes. */
export const NAME_MAX_BYTES = 255;
export const PATH_MAX_BYTES = 4095;
/** Links followed for one path (nanos `src/fs/fs.c`, SYMLINK_HOPS_MAX). */
export const LINK_HOPS_MAX = 40;

// Our own limits: what we neither write nor read, so that a damaged or hostile log cannot exhaust us.
/** All extensions of a log together: some 500,000 files. */
export const LOG_MAX_BYTES = 64 * 1024 * 1024;
/** Values of a log: each costs up to 200 bytes of memory. */
export const VALUES_MAX = 4 * 1024 * 1024;
/** Names in a path: the kernel reads a log by recursion. */
export const PATH_MAX_NAMES = 256;
/** Nesting of values: two levels for each name of a path, and some for the attributes of files. */
export const DEPTH_MAX = 2 * PATH_MAX_NAMES + 8;
/** Characters of all paths of a file system together. */
export const PATHS_MAX_CHARACTERS = 64 * 1024 * 1024;
/** Holes of one file. */
export const HOLES_MAX_BYTES = 16 * 1024 ** 3;
