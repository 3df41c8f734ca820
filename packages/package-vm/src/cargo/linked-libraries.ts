import { dirname, join, resolve } from 'node:path';
import { type BuildTrace } from './build-program.js';
import { pathOnThisMachine } from './container-paths.js';
import { USUAL_LIBRARY_FOLDERS } from './library-folders.js';
import { entriesOf, isFile, realPath } from './real-files.js';

/**
 * The files that a linker finds for the libraries that build scripts name (`rustc-link-lib`), in the folders that any of them
 * names (`rustc-link-search`), else in those of the system. Where a script names folders alone, `#[link]` names the libraries, so
 * that all of these folders count. Left out are shared libraries of the system: the program is bundled with them.
 */
export function linkedLibraries({ messages, package: built }: Pick<BuildTrace, 'messages' | 'package'>): readonly string[] {
  const scripts = messages.flatMap((message) => {
    if (message.reason !== 'build-script-executed') return [];
    const folders = message.linked_paths.map((path) => pathOnThisMachine(resolve(built.workspaceRoot, withoutKind(path)), built));
    return [{ libraries: message.linked_libs, folders }];
  });
  const all = [...new Set(scripts.flatMap(({ folders }) => folders))];
  const found = scripts.flatMap(({ libraries, folders }) => (libraries.length > 0 ? libraries.flatMap((library) => filesOf(library, all)) : folders.flatMap(librariesIn)));
  return [...new Set(found)];
}

function filesOf(library: string, folders: readonly string[]): readonly string[] {
  const named = folders.flatMap((folder) => fileOf(library, folder));
  const files = named.length > 0 ? named : USUAL_LIBRARY_FOLDERS.flatMap((folder) => fileOf(library, folder)).slice(0, 1);
  return files.filter((path) => path.endsWith('.a') || !isOfSystem(dirname(path)));
}

/** Every library in a folder; none of those of the system, where a linker looks in any case. */
export function librariesIn(folder: string): readonly string[] {
  if (isOfSystem(folder)) return [];
  return entriesOf(folder).flatMap(({ name }) => (/^lib.+\.(a|so(\.[\d.]+)?)$/.test(name) ? [join(folder, name)] : []));
}

/** Build scripts name folders as `native=/path`, `all=/path` or plainly. */
export function withoutKind(linkedPath: string): string {
  return linkedPath.replace(/^(?:dependency|crate|native|framework|all)=/, '');
}

/** `name`, `static=name`, `static:+whole-archive,+verbatim=libname.a`, `dylib=name:renamed`. */
function fileOf(library: string, folder: string): readonly string[] {
  const [, kind = '', modifiers = '', name = ''] = /^(?:([a-z-]+)(?::([^=]*))?=)?([^:]+)/.exec(library) ?? [];
  const isVerbatim = modifiers.includes('+verbatim');
  const names = isVerbatim ? [name] : [...(kind === 'static' ? [] : [`lib${name}.so`]), `lib${name}.a`];
  const path = names.map((file) => join(folder, file)).find(isFile);
  return path === undefined ? [] : [path];
}

function isOfSystem(folder: string): boolean {
  return USUAL_LIBRARY_FOLDERS.some((known) => realPath(known) === realPath(folder));
}
