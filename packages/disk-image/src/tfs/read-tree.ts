import { type DirectoryEntry, type LinkEntry, type Tuple, type Value } from '../tree.js';
import { type EntryContext, type FileContent, readEntryTuple } from './entry-tuples.js';
import { isTuple } from './is-tuple.js';
import { CHILDREN, DEPTH_MAX, PATH_MAX_BYTES, PATHS_MAX_CHARACTERS } from './layout.js';

/** A file of an image; unlike the entry of a plan, its digest is not known before it is read. */
export interface ImageFileEntry {
  readonly kind: 'file';
  readonly path: string;
  readonly sizeBytes: number;
}

export type ImageEntry = DirectoryEntry | LinkEntry | ImageFileEntry;

export interface ImageTree {
  /** Without `/`, sorted by path (UTF-16 code units). */
  readonly entries: readonly ImageEntry[];
  /** By path. */
  readonly contents: ReadonlyMap<string, FileContent>;
}

/** The entries below a root tuple. A file may have several names (hard links), a directory only one. */
export function readTree(root: Tuple, context: EntryContext): ImageTree {
  const entries: ImageEntry[] = [];
  const contents = new Map<string, FileContent>();
  const seen = new Set<Tuple>();
  let characters = 0;

  // grows while it is walked
  const folders = [{ path: '', children: childrenOf(root, context) }];
  for (const { path: folder, children } of folders) {
    if (seen.has(children)) throw context.fault(children, `Folder \`${folder}/\` is inside another folder too`);
    seen.add(children);
    for (const [name, child] of children) {
      if (isUnusable(name)) throw context.fault(children, `Folder \`${folder}/\` has an entry called ${JSON.stringify(name)}`);
      const path = `${folder}/${name}`;
      characters += path.length;
      if (path.length > PATH_MAX_BYTES || characters > PATHS_MAX_CHARACTERS) throw context.fault(children, 'Paths of the file system are too long');
      if (!isTuple(child)) throw context.fault(children, `Entry \`${path}\` is no tuple`);
      const entry = readEntryTuple(child, context);
      if (entry.kind === 'directory') {
        entries.push({ kind: 'directory', path });
        folders.push({ path, children: entry.children });
      } else if (entry.kind === 'link') {
        entries.push({ kind: 'link', path, target: entry.target });
      } else {
        entries.push({ kind: 'file', path, sizeBytes: entry.content.sizeBytes });
        contents.set(path, entry.content);
      }
    }
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries, contents };
}

/** The root's attributes besides its children: a tree of bounded depth, so that whoever walks it comes to an end. */
export function readAttributes(root: Tuple, { fault }: EntryContext): Tuple {
  const attributes = new Map([...root].filter(([name]) => name !== CHILDREN));
  const seen = new Set<Value>([root]);
  function check(value: Value, depth: number): void {
    if (typeof value === 'string' || typeof value === 'bigint') return;
    if (seen.has(value)) throw fault(root, 'A tuple or vector occurs twice in the attributes of the root');
    if (depth > DEPTH_MAX) throw fault(root, `Attributes of the root are nested more than ${DEPTH_MAX} deep`);
    seen.add(value);
    for (const inner of value.values()) check(inner, depth + 1);
  }
  check(attributes, 0);
  return attributes;
}

function childrenOf(root: Tuple, context: EntryContext): Tuple {
  const entry = readEntryTuple(root, context);
  if (entry.kind !== 'directory') throw context.fault(root, 'Root of the file system has no children');
  return entry.children;
}

/** Names that mean another place, or nothing. */
function isUnusable(name: string): boolean {
  return name === '.' || name === '..' || /[/\0]/.test(name);
}
