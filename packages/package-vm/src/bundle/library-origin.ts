import { type LibraryOrigin } from './bundle.js';
import { type HostSearch } from './host-search.js';
import { type LoadedObject } from './loader-search.js';
import { usesOrigin } from './loader-tokens.js';

export interface OriginFacts extends Pick<HostSearch, 'program' | 'system' | 'systemFolders'> {
  /** Names and paths of the settings. */
  readonly extraLibraries: readonly string[];
}

/** Where a library came from, decided by how it was found. */
export function originOf(library: LoadedObject, facts: OriginFacts): LibraryOrigin {
  const { found, name, view, path } = library;
  const ofMachine = facts.system.root === '/' ? 'host' : 'sysroot';
  if (found.kind === 'given' || facts.extraLibraries.includes(name)) return 'extra';
  // pkg-config makes build scripts link from the system's own folders
  if (found.kind === 'linked') return isSystemFolder(path.slice(0, -name.length - 1), facts) ? 'host' : 'cargo';
  if (found.kind === 'entry' && usesOrigin(found.entry)) return found.holder === facts.program ? 'program' : originOf(found.holder, facts);
  return view === facts.system ? ofMachine : 'host';
}

function isSystemFolder(folder: string, { system, systemFolders }: OriginFacts): boolean {
  const located = system.root === '/' ? system.locate(folder) : undefined;
  return located !== undefined && systemFolders.some((known) => system.locate(known) === located);
}
