import { sectorsOf } from '../layout.js';
import { type FileEntry, type TreeEntry, type Tuple, type Value } from '../tree.js';
import { badTree, checkEntry } from './check-entry.js';
import { directoryTuple, fileTuple, linkTuple } from './entry-tuples.js';

export interface TreeLayout {
  /** What `children` of the root tuple holds: names sorted by UTF-16 code units in each folder. */
  readonly children: Tuple;
  /** In the order of their bytes on the disk, empty ones too. */
  readonly files: readonly { readonly entry: FileEntry; readonly sector: number }[];
  /** The first sector behind the files. */
  readonly endSector: number;
}

/**
 * Puts entries into folders and gives each file its sectors, one file after the other. The order of the entries does not matter; folders
 * may be left out where something is inside them.
 *
 * @throws PVM_BAD_TREE
 */
export function layOutTree(entries: readonly TreeEntry[], firstSector: number): TreeLayout {
  const folders = new Folders();
  const files: { entry: FileEntry; sector: number }[] = [];
  let sector = firstSector;
  for (const entry of inOrder(entries)) {
    switch (entry.kind) {
      case 'directory':
        folders.addFolder(entry.path);
        break;
      case 'link':
        folders.add(entry.path, linkTuple(entry.target));
        break;
      case 'file':
        folders.add(entry.path, fileTuple({ sizeBytes: entry.sizeBytes, firstSector: sector }));
        files.push({ entry, sector });
        sector += sectorsOf(entry.sizeBytes);
        break;
    }
  }
  return { children: folders.root, files, endSector: sector };
}

/** Folder by folder and name by name: a folder stands directly before what is inside it. */
function inOrder(entries: readonly TreeEntry[]): TreeEntry[] {
  return entries
    .map((entry) => {
      checkEntry(entry);
      // no name has a NUL, so that with it as separator paths sort like lists of names
      return { entry, key: entry.path.replaceAll('/', '\0') };
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ entry }) => entry);
}

/** Folders that are filled in order, each with its parents. */
class Folders {
  readonly root = new Map<string, Value>();
  readonly #byPath = new Map([['', this.root]]);

  add(path: string, tuple: Tuple): void {
    const end = path.lastIndexOf('/');
    const parent = this.#folder(path.slice(0, end), path);
    const name = path.slice(end + 1);
    if (parent.has(name)) throw badTree(`Path \`${path}\` occurs twice`);
    parent.set(name, tuple);
  }

  addFolder(path: string): Map<string, Value> {
    const children = new Map<string, Value>();
    this.add(path, directoryTuple(children));
    this.#byPath.set(path, children);
    return children;
  }

  #folder(path: string, inside: string): Map<string, Value> {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    if (this.#has(path)) throw badTree(`Path \`${path}\` is no folder, but \`${inside}\` is inside it`);
    return this.addFolder(path);
  }

  #has(path: string): boolean {
    const end = path.lastIndexOf('/');
    return this.#byPath.get(path.slice(0, end))?.has(path.slice(end + 1)) ?? false;
  }
}
