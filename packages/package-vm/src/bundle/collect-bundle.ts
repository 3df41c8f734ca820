import { basename, resolve } from 'node:path';
import { type BuildFacts } from '../cargo/build-facts.js';
import { type Bundle, type BundleFile, type BundleLibrary } from './bundle.js';
import { describeFile } from './describe-file.js';
import { type HostSearch, searchHost } from './host-search.js';
import { librariesNotFound } from './library-not-found.js';
import { originOf } from './library-origin.js';
import { placeLibraries } from './place-libraries.js';
import { readProgram } from './read-program.js';

export interface CollectOptions {
  readonly programPath: string;
  /** Name of the program; default: that of its file. */
  readonly name?: string | undefined;
  /** A folder that takes the place of this machine's root for all libraries of the system. */
  readonly sysroot?: string | undefined;
  /** What the program opens while it runs: names, looked for as its other libraries are, or paths (with a `/`) of files. */
  readonly extraLibraries?: readonly string[] | undefined;
  /** Where relative paths start; default: the working folder. */
  readonly baseFolder?: string | undefined;
  /** Folders that cargo linked from. */
  readonly searchPaths?: readonly string[] | undefined;
  readonly build?: BuildFacts | undefined;
}

/**
 * Finds the shared libraries that a program needs, by reading ELF files; the program is never executed. Searched are RPATH
 * and RUNPATH as the program's loader does it, then `searchPaths`, `/etc/ld.so.conf` and the default folders.
 *
 * @throws PVM_NO_PROGRAM, PVM_WRONG_TARGET, PVM_BAD_ELF, PVM_LIBRARY_NOT_FOUND (all of them at once)
 */
export async function collectBundle(options: CollectOptions): Promise<Bundle> {
  const { programPath, name = basename(programPath), extraLibraries = [], searchPaths = [], sysroot, build } = options;
  const baseFolder = resolve(options.baseFolder ?? '');
  const search = searchHost(readProgram(programPath), { sysroot, extraLibraries, baseFolder, searchPaths });
  if (search.missing.length > 0) throw librariesNotFound(search.missing, sysroot);

  const digests = new Map<string, Promise<BundleFile>>();
  const describe = (hostPath: string): Promise<BundleFile> => {
    const known = digests.get(hostPath) ?? describeFile(hostPath);
    digests.set(hostPath, known);
    return known;
  };
  const libraries = placedFiles(search, `/${name}`, extraLibraries);
  return {
    name,
    program: await describe(search.program.hostPath),
    libraries: await Promise.all(libraries.map(async (library) => ({ ...library, ...(await describe(library.hostPath)) }))),
    build,
  };
}

type PlacedFile = Pick<BundleLibrary, 'hostPath' | 'guestPath' | 'origin'>;

/** The interpreter and the libraries with their guest paths, sorted by these. */
function placedFiles(search: HostSearch, programPath: string, extraLibraries: readonly string[]): readonly PlacedFile[] {
  const places = placeLibraries({ ...search, programPath });
  const files = new Map<string, PlacedFile>();
  for (const [library, guestPath] of places) {
    if (library !== search.program) files.set(guestPath, { hostPath: library.hostPath, guestPath, origin: originOf(library, { ...search, extraLibraries }) });
  }
  if (search.interpreter !== undefined) files.set(search.interpreter.guestPath, { ...search.interpreter, origin: search.system.root === '/' ? 'host' : 'sysroot' });
  return [...files.values()].sort((a, b) => (a.guestPath < b.guestPath ? -1 : 1));
}
