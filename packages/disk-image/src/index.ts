export type { ByteSource, DirectoryEntry, FileEntry, LinkEntry, TreeEntry, Tuple, Value } from './tree.js';
