import { dirname, join, normalize } from 'node:path/posix';
import { expandTokens, usesOrigin } from './loader-tokens.js';
import { type LoadedObject } from './loader-search.js';
import { type Loader } from './loader.js';

export interface Placement {
  /** In the order of loading. */
  readonly libraries: readonly LoadedObject[];
  readonly program: LoadedObject;
  /** The program's path inside the image. */
  readonly programPath: string;
  readonly loader: Loader;
}

/**
 * Gives each library the path at which the guest's loader, without a cache, finds it: what was found below the folder of
 * the file that needs it (`$ORIGIN`) stays there, seen from that file's place in the image; everything else goes to the
 * first of the loader's own folders. A file's name is the one that is asked for.
 */
export function placeLibraries({ libraries, program, programPath, loader }: Placement): ReadonlyMap<LoadedObject, string> {
  const places = new Map<LoadedObject, string>([[program, programPath]]);
  const systemFolder = loader.systemFolders[0] ?? '/lib';
  const guestPath = (written: string, holder: LoadedObject): string | undefined => {
    const holderPath = places.get(holder);
    const path = holderPath === undefined ? undefined : expandTokens(written, { loader, origin: dirname(holderPath) });
    return path === undefined ? undefined : normalize(`/${path}`);
  };
  for (const library of libraries) {
    const { name, found, loadedBy = program } = library;
    if (found.kind === 'path') places.set(library, guestPath(name, loadedBy) ?? join('/', name));
    else if (found.kind === 'entry' && usesOrigin(found.entry)) places.set(library, join(guestPath(found.entry, found.holder) ?? systemFolder, name));
    else places.set(library, join(systemFolder, name));
  }
  return places;
}
