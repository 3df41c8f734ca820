import { type ElfFile } from '@package-vm/disk-image/elf';
import { dirname } from 'node:path/posix';
import { expandTokens, usesOrigin } from './loader-tokens.js';
import { type Loader } from './loader.js';

/** A file system in which a loader looks: this machine's, a sysroot, the guest's. */
export interface View {
  /** The ELF file at an absolute path; undefined where a loader would find none. `..` and links may be in the path. */
  open(path: string): ViewedFile | undefined;
}

export interface ViewedFile {
  readonly elf: ElfFile;
  /** Where its bytes are on this machine. */
  readonly hostPath: string;
}

export interface Folder {
  readonly view: View;
  readonly path: string;
}

/** Why the loader looks in a folder. `entry` is as the file says it, in the RPATH or RUNPATH of `holder`. */
export type Reason = { readonly kind: 'entry'; readonly entry: string; readonly holder: LoadedObject } | { readonly kind: 'library-path' | 'linked' | 'system' };

/** How an object got loaded: as the program, by a name that is a path, by a search, or because the settings say so. */
export type Found = Reason | { readonly kind: 'program' | 'path' | 'given' };

export interface LoadedObject extends ViewedFile {
  /** The name that was asked for. */
  readonly name: string;
  readonly view: View;
  /** In its view, as it was found: links not followed. */
  readonly path: string;
  /** The object that asked for it. */
  readonly loadedBy: LoadedObject | undefined;
  readonly found: Found;
}

export interface SearchRules {
  readonly loader: Loader;
  /** Where absolute paths lead. */
  readonly view: View;
  /** LD_LIBRARY_PATH. */
  readonly libraryPath: readonly Folder[];
  /** Folders that cargo linked from: searched behind what the program itself says, before the system's. */
  readonly linkedFolders: readonly Folder[];
  readonly systemFolders: readonly Folder[];
  /** Where relative paths start. */
  readonly workingFolder: Folder;
}

export interface SearchStart {
  readonly program: LoadedObject;
  /** Loaded with the program, before anything that it needs. */
  readonly given: readonly LoadedObject[];
  /** What the program opens by name once it runs. */
  readonly opened: readonly string[];
}

export interface MissingLibrary {
  readonly library: string;
  /** Paths of the files that need it. */
  readonly neededBy: readonly string[];
  /** Folders, or the one path, where the first of them would look. */
  readonly searched: readonly string[];
}

export interface SearchResult {
  /** In the order of loading, without the program and what was given. */
  readonly libraries: readonly LoadedObject[];
  readonly missing: readonly MissingLibrary[];
}

/**
 * Loads what a program needs as a dynamic loader does: breadth first, each name once, in the folders that glibc
 * (`elf/dl-load.c`, `_dl_map_object`) or musl (`ldso/dynlink.c`, `load_library`) would search, without a cache and without
 * `glibc-hwcaps`. Pure: all files come through the views.
 */
export function searchLibraries({ program, given, opened }: SearchStart, rules: SearchRules): SearchResult {
  const loaded: LoadedObject[] = [program, ...given];
  const missing = new Map<string, { library: string; neededBy: Set<string>; searched: readonly string[] }>();
  let done = 0;

  const load = (name: string, requester: LoadedObject): void => {
    if (isLoaded(name, loaded, rules.loader)) return;
    const tries = triesFor(name, requester, rules);
    for (const attempt of tries) {
      const file = attempt.view.open(attempt.path);
      if (file === undefined || !isLibrary(file.elf)) continue;
      loaded.push({ ...file, name, view: attempt.view, path: attempt.path, loadedBy: requester, found: attempt.found });
      return;
    }
    const entry = missing.get(name) ?? { library: name, neededBy: new Set(), searched: tries.map(({ shown }) => shown) };
    entry.neededBy.add(requester.path);
    missing.set(name, entry);
  };
  const loadNeeds = (): void => {
    for (let object = loaded[done]; object !== undefined; object = loaded[++done]) {
      for (const name of object.elf.needed) load(name, object);
    }
  };

  loadNeeds();
  for (const name of opened) load(name, program);
  loadNeeds();
  return {
    libraries: loaded.slice(1 + given.length),
    missing: [...missing.values()].map(({ library, neededBy, searched }) => ({ library, neededBy: [...neededBy], searched: [...new Set(searched)] })),
  };
}

/** Whether a file is what the guest's loader can map: others are passed over. */
export function isLibrary({ machine, class: bits, byteOrder, type }: ElfFile): boolean {
  return machine === 'x86_64' && bits === 64 && byteOrder === 'little' && type === 'DYN';
}

// musl is its own libc, libpthread, …, whatever their version (`ldso/dynlink.c`, `reserved`)
const PART_OF_MUSL = /^lib(?:c|pthread|rt|m|dl|util|xnet)\./;

function isLoaded(name: string, loaded: readonly LoadedObject[], { flavour, name: loaderName }: Loader): boolean {
  if (name === loaderName || (flavour === 'musl' && PART_OF_MUSL.test(name))) return true;
  return loaded.some((object) => object.name === name || object.elf.soname === name);
}

interface Try extends Folder {
  readonly found: Found;
  /** For messages. */
  readonly shown: string;
}

function triesFor(name: string, requester: LoadedObject, rules: SearchRules): readonly Try[] {
  if (name.includes('/')) {
    const folder = placeOf(name, requester, rules);
    return folder === undefined ? [] : [{ ...folder, found: { kind: 'path' }, shown: folder.path }];
  }
  return searchOrder(requester, rules).map(({ view, path, reason }) => ({ view, path: `${path}/${name}`, found: reason, shown: path }));
}

type SearchFolder = Folder & { readonly reason: Reason };

function searchOrder(requester: LoadedObject, rules: SearchRules): readonly SearchFolder[] {
  const plain = (kind: 'library-path' | 'linked' | 'system', folders: readonly Folder[]): readonly SearchFolder[] => folders.map((folder) => ({ ...folder, reason: { kind } }));
  const entriesOf = (holder: LoadedObject, entries: readonly string[]): readonly SearchFolder[] =>
    entries.flatMap((entry) => {
      const folder = placeOf(entry, holder, rules);
      return folder === undefined ? [] : [{ ...folder, reason: { kind: 'entry' as const, entry, holder } }];
    });
  const libraryPath = plain('library-path', rules.libraryPath);
  const behind = [...plain('linked', rules.linkedFolders), ...plain('system', rules.systemFolders)];

  if (rules.loader.flavour === 'musl') {
    // both kinds are inherited
    const entries = requestersOf(requester).flatMap((holder) => entriesOf(holder, holder.elf.runpath.length > 0 ? holder.elf.runpath : holder.elf.rpath));
    return [...libraryPath, ...entries, ...behind];
  }
  // RPATH is inherited and ends where a RUNPATH is; RUNPATH is for the object itself
  const rpath = requester.elf.runpath.length > 0 ? [] : requestersOf(requester).flatMap((holder) => (holder.elf.runpath.length > 0 ? [] : entriesOf(holder, holder.elf.rpath)));
  return [...rpath, ...libraryPath, ...entriesOf(requester, requester.elf.runpath), ...behind];
}

/** An object and those that asked for it, up to the program. */
function requestersOf(object: LoadedObject): readonly LoadedObject[] {
  return object.loadedBy === undefined ? [object] : [object, ...requestersOf(object.loadedBy)];
}

/** Where a path in a file leads: below its own folder with `$ORIGIN`, else in the view's root or from the working folder. */
function placeOf(written: string, holder: LoadedObject, { loader, view, workingFolder }: SearchRules): Folder | undefined {
  const path = expandTokens(written, { loader, origin: dirname(holder.path) });
  if (path === undefined) return undefined;
  if (usesOrigin(written)) return { view: holder.view, path };
  return path.startsWith('/') ? { view, path } : { view: workingFolder.view, path: `${workingFolder.path}/${path}` };
}
