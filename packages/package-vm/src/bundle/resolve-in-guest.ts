import { basename, dirname, normalize, resolve } from 'node:path/posix';
import { readElfAt } from './host-view.js';
import { type Folder, type LoadedObject, type MissingLibrary, type SearchRules, type View, type ViewedFile, isLibrary, searchLibraries } from './loader-search.js';
import { readLoader } from './loader.js';

export interface GuestFiles {
  readonly programPath: string;
  /** The ELF files of the image: guest path → path on this machine. The program is among them. */
  readonly elfFiles: ReadonlyMap<string, string>;
  /** The links of the image: guest path → target. */
  readonly links?: ReadonlyMap<string, string> | undefined;
  /** LD_LIBRARY_PATH of the image's environment, split at its colons. */
  readonly libraryPath?: readonly string[] | undefined;
  /** Default: `/`. */
  readonly workingFolder?: string | undefined;
}

/**
 * Loads the program once more, with nothing but the files of the image and by the rules of the image's own loader, which
 * has no cache: gives what it would not find. Other x86_64 libraries of the image are resolved too, each as if the program
 * opened it.
 */
export function resolveInGuest({ programPath, elfFiles, links = new Map(), libraryPath = [], workingFolder = '/' }: GuestFiles): readonly MissingLibrary[] {
  const view = guestView(elfFiles, links);
  const program = view.open(programPath);
  if (program === undefined) return [];
  const { interpreter } = program.elf;
  const others = [...elfFiles.keys()].filter((path) => path !== programPath && path !== interpreter);
  // a static program loads nothing, and what it could open it has no loader for
  if (interpreter === undefined) return [];
  const loaderFile = view.open(interpreter);
  if (loaderFile === undefined) return [{ library: interpreter, neededBy: [programPath], searched: [interpreter] }];

  const loader = readLoader(interpreter, loaderFile.hostPath);
  const inGuest = (path: string): Folder => ({ view, path: resolve(workingFolder, path) });
  const rules: SearchRules = {
    loader,
    view,
    libraryPath: libraryPath.map(inGuest),
    linkedFolders: [],
    systemFolders: loader.systemFolders.map(inGuest),
    workingFolder: inGuest(''),
  };
  const object = (path: string, file: ViewedFile, loadedBy?: LoadedObject): LoadedObject => ({ ...file, name: basename(path), view, path, loadedBy, found: { kind: loadedBy === undefined ? 'program' : 'given' } });
  const start = object(programPath, program);
  const atStart = searchLibraries({ program: start, given: [], opened: [] }, rules);
  const loaded = new Set(atStart.libraries.map(({ hostPath }) => hostPath));
  const opened = others.flatMap((path) => {
    const file = view.open(path);
    if (file === undefined || loaded.has(file.hostPath) || !isLibrary(file.elf)) return [];
    return searchLibraries({ program: start, given: [...atStart.libraries, object(path, file, start)], opened: [] }, rules).missing;
  });
  const all = new Map([...opened, ...atStart.missing].map((missing) => [missing.library, missing]));
  return [...all.values()];
}

const LINKS_MAX = 40;

/** The image's tree as a loader sees it. */
function guestView(elfFiles: ReadonlyMap<string, string>, links: ReadonlyMap<string, string>): View {
  const opened = new Map<string, ViewedFile | undefined>();
  const locate = (path: string, depth: number): string => {
    if (depth > LINKS_MAX || path === '/') return path;
    const folder = locate(dirname(path), depth + 1);
    const here = resolve(folder, basename(path));
    const target = links.get(here);
    return target === undefined ? here : locate(resolve(folder, target), depth + 1);
  };
  return {
    open(path) {
      const located = locate(normalize(path), 0);
      const hostPath = elfFiles.get(located);
      if (hostPath === undefined) return undefined;
      if (!opened.has(hostPath)) {
        const elf = readElfAt(hostPath);
        opened.set(hostPath, elf && { elf, hostPath });
      }
      return opened.get(hostPath);
    },
  };
}
