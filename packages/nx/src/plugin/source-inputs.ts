import { posix } from 'node:path';
import { type Crate, reachableCrates } from 'package-vm/light';
import type { FingerprintParts } from './fingerprint-words.js';
import { type NamedBySettings, namedBySettings } from './settings-paths.js';
import { TOOLCHAIN_FILES, type Workspace } from './workspace.js';
import { isOutside, levels, workspaceFile, workspaceFolder, workspacePattern } from './workspace-path.js';

/** What decides how a crate is built. */
export interface SourceInputs {
  /** Files of the Nx workspace, for Nx to hash. */
  readonly filesets: readonly string[];
  /** Where cargo's choice of toolchain is made, relative to the Nx workspace: all crates below it share a fingerprint. */
  readonly toolchainFolder: string;
  /** What Nx may not hash: git ignores it, a link is in between, it lies outside. */
  readonly fingerprint: FingerprintParts;
  readonly named: NamedBySettings;
}

/** What no program is built from, unless a source or a build script says so: then the build refuses and names the line to add. */
const ONLY_TESTED = '{tests,benches,examples}/**/*';

/** Everything that cargo reads to build a crate: its sources and those it reaches, manifests, lock file, toolchain, configuration, and what the settings name. */
export function sourceInputs({ graph, projectsBelow, pathOf, choosesToolchain }: Workspace, crate: Crate): SourceInputs {
  const crates = reachableCrates(graph, [crate.folder], ['normal', 'build', 'patch']);
  const own = pathOf(crate.folder);
  const folders = new Set(crates.map(({ folder }) => pathOf(folder)));
  const others = [...folders].filter((folder) => folder !== own && !isOutside(folder));
  // of the crate, and of crates that belong to other cargo workspaces and inherit from them
  const cargoRoots = [...new Set(crates.map(({ rootFolder }) => pathOf(rootFolder)))].filter((folder) => !isOutside(folder));
  const ownRoot = pathOf(crate.rootFolder);
  const named = namedBySettings(crate.settings, own);
  const filesets = [
    // Nx gives a file to the innermost project, so other crates below this one are not among these
    '{projectRoot}/**/*',
    // the manifests are the image's inputs, not the program's
    '!{projectRoot}/vm.json',
    '!{projectRoot}/*.vm.json',
    ...(crate.hasBuildScript ? [] : [`!{projectRoot}/${ONLY_TESTED}`]),
    ...(own === ownRoot ? ['!{projectRoot}/target/**/*'] : []),
    ...(own === '.' ? ['!{projectRoot}/dist/package-vm/**/*'] : []),
    ...others.map(workspaceFolder),
    ...crates.filter(({ folder, hasBuildScript }) => !hasBuildScript && others.includes(pathOf(folder))).map(({ folder }) => `!${workspacePattern(pathOf(folder), ONLY_TESTED)}`),
    ...cargoRoots.filter((folder) => folder !== own && folders.has(folder)).map((folder) => `!${workspaceFolder(posix.join(folder, 'target'))}`),
    ...strangersBelow(others, folders, projectsBelow).map((folder) => `!${workspaceFolder(folder)}`),
    ...cargoRoots.map((folder) => workspaceFile(posix.join(folder, 'Cargo.toml'))),
    ...(isOutside(ownRoot) ? [] : [workspaceFile(posix.join(ownRoot, 'Cargo.lock'))]),
    ...levels(own).flatMap((level) => TOOLCHAIN_FILES.map((name) => workspaceFile(posix.join(level, name)))),
    ...named.paths.filter((path) => !isOutside(path)).flatMap((path) => [`{workspaceRoot}/${path}`, `{workspaceRoot}/${path}/**/*`]),
  ];
  return {
    filesets: [...new Set(filesets)],
    toolchainFolder: levels(own).find(choosesToolchain) ?? '.',
    fingerprint: {
      paths: [...new Set([...[...folders].filter(isOutside), ...named.paths, posix.join(ownRoot, 'Cargo.lock')])],
      libraries: named.libraries,
      // Nx takes no patterns, and for it a variable that is empty is one that is not set
      variables: named.variables,
      cargoCommands: named.cargoCommands,
      targets: named.targets,
    },
    named,
  };
}

/** Crates below one of `folders` that are not needed, and hold none that is. */
function strangersBelow(folders: readonly string[], needed: ReadonlySet<string>, projectsBelow: Workspace['projectsBelow']): readonly string[] {
  const below = folders.flatMap((folder) => projectsBelow.get(folder) ?? []);
  if (below.length === 0) return [];
  const kept = new Set([...needed].filter((folder) => !isOutside(folder)).flatMap(levels));
  return [...new Set(below)].filter((folder) => !kept.has(folder));
}
