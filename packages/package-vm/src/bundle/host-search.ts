import { PackageVmError } from '@package-vm/errors';
import { existsSync, realpathSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { USUAL_LIBRARY_FOLDERS } from '../cargo/library-folders.js';
import { HostView, readElfAt } from './host-view.js';
import { ldSoConfFolders } from './ld-so-conf.js';
import { type Folder, type LoadedObject, type MissingLibrary, type ViewedFile, isLibrary, searchLibraries } from './loader-search.js';
import { type Loader, readLoader, upstreamLoader } from './loader.js';

export interface HostSearchOptions {
  readonly sysroot: string | undefined;
  readonly extraLibraries: readonly string[];
  readonly baseFolder: string;
  readonly searchPaths: readonly string[];
}

export interface HostSearch {
  readonly program: LoadedObject;
  readonly loader: Loader;
  /** PT_INTERP and the file behind it; undefined for a static program. */
  readonly interpreter: { readonly guestPath: string; readonly hostPath: string } | undefined;
  /** In the order of loading, those of the settings first. */
  readonly libraries: readonly LoadedObject[];
  readonly missing: readonly MissingLibrary[];
  /** The file system that system libraries are taken from: this machine's or the sysroot. */
  readonly system: HostView;
  readonly systemFolders: readonly string[];
}

/** Finds what a program needs on this machine, or in the sysroot that stands for it. */
export function searchHost(file: ViewedFile, options: HostSearchOptions): HostSearch {
  const machine = new HostView('/');
  const system = options.sysroot === undefined ? machine : openSysroot(options.sysroot);
  const program = programIn(file, machine, system);
  const interpreter = program.elf.interpreter;
  const interpreterPath = interpreter === undefined ? undefined : system.locate(interpreter);
  if (interpreter !== undefined && (interpreterPath === undefined || readElfAt(interpreterPath) === undefined)) {
    const missing = [{ library: interpreter, neededBy: [program.path], searched: [interpreter] }];
    return { program, loader: upstreamLoader, interpreter: undefined, libraries: [], missing, system, systemFolders: [] };
  }
  const isDynamic = interpreter !== undefined && interpreterPath !== undefined;
  const loader = isDynamic ? readLoader(interpreter, interpreterPath) : upstreamLoader;
  const systemFolders = systemFoldersOf(loader, system);
  const onMachine = (path: string): Folder => ({ view: machine, path });

  const paths = options.extraLibraries.filter((extra) => extra.includes('/'));
  const given = paths.flatMap((path) => givenLibraries(path, options.baseFolder, machine));
  const { libraries, missing } = searchLibraries(
    { program, given, opened: options.extraLibraries.filter((extra) => !extra.includes('/')) },
    {
      loader,
      view: system,
      libraryPath: [],
      linkedFolders: options.searchPaths.map(onMachine),
      systemFolders: systemFolders.map((path) => ({ view: system, path })),
      workingFolder: onMachine(options.baseFolder),
    },
  );
  return { program, loader, interpreter: isDynamic ? { guestPath: interpreter, hostPath: interpreterPath } : undefined, libraries: [...given, ...libraries], missing, system, systemFolders };
}

function openSysroot(sysroot: string): HostView {
  if (!existsSync(sysroot)) throw new PackageVmError('PVM_NO_FILE', `There is no sysroot at \`${sysroot}\``);
  return new HostView(realpathSync(sysroot));
}

/** A program inside the sysroot sees the sysroot's folders. */
function programIn({ elf, hostPath }: ViewedFile, machine: HostView, system: HostView): LoadedObject {
  const inside = relative(system.root, hostPath);
  const isInside = !inside.startsWith('..') && !isAbsolute(inside);
  return { name: basename(hostPath), view: isInside ? system : machine, path: isInside ? `/${inside}` : hostPath, elf, hostPath, loadedBy: undefined, found: { kind: 'program' } };
}

function systemFoldersOf(loader: Loader, system: HostView): readonly string[] {
  if (loader.flavour === 'musl') {
    // one folder a line, or with colons (musl `ldso/dynlink.c`)
    const configured = system.readText('/etc/ld-musl-x86_64.path')?.split(/[:\n]/).filter((folder) => folder.startsWith('/')) ?? [];
    return configured.length > 0 ? configured : loader.systemFolders;
  }
  return [...new Set([...ldSoConfFolders(system), ...loader.systemFolders, ...USUAL_LIBRARY_FOLDERS])];
}

/** A library of the settings, under its file's name and under its soname. */
function givenLibraries(path: string, baseFolder: string, machine: HostView): readonly LoadedObject[] {
  const absolute = resolve(baseFolder, path);
  const file = machine.open(absolute);
  if (file === undefined || !isLibrary(file.elf)) {
    const reason = existsSync(absolute) ? 'is no shared library for x86_64 Linux' : 'does not exist';
    throw new PackageVmError('PVM_LIBRARY_NOT_FOUND', `\`${absolute}\`, named in \`extraLibraries\`, ${reason}`, { data: { library: path } });
  }
  const names = new Set([basename(absolute), file.elf.soname ?? basename(absolute)]);
  return [...names].map((name) => ({ ...file, name, view: machine, path: absolute, loadedBy: undefined, found: { kind: 'given' } }));
}
