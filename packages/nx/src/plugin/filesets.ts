import { existsSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { remember } from './remember.js';
import { type Crate, type CrateGraph, reachableCrates } from 'package-vm/light';

/** An Nx workspace and its crates. Paths from its root always have `/`, and `.` is the root itself. */
export interface Workspace {
  readonly root: string;
  readonly graph: CrateGraph;
  /** Projects below other projects, by the folder of the upper one; paths from the root. */
  readonly projectsBelow: ReadonlyMap<string, readonly string[]>;
  /** {@link fromRoot}, remembered: the graph of 300 crates asks thousands of times. */
  readonly pathOf: (folder: string) => string;
  /** Whether a folder, relative to the root, itself holds a choice of toolchain or cargo settings; remembered. */
  readonly choosesToolchain: (folder: string) => boolean;
}

export function describeWorkspace(root: string, graph: CrateGraph, pathOf: Workspace['pathOf'], projects: readonly Crate[]): Workspace {
  const choosesToolchain = remember((folder) => TOOLCHAIN_FILES.some((name) => existsSync(join(root, folder, name))));
  return { root, graph, pathOf, choosesToolchain, projectsBelow: foldersBelow(projects.map(({ folder }) => pathOf(folder))) };
}

/** The path from the Nx workspace, `.` for the workspace itself. */
export function fromRoot(root: string, path: string): string {
  return relative(root, path).replaceAll('\\', '/') || '.';
}

/** Whether a path from the Nx workspace leads out of it. */
export function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../') || posix.isAbsolute(path);
}

/** A file of the Nx workspace as an input. */
export function workspaceFile(path: string): string {
  return `{workspaceRoot}/${escapePattern(path)}`;
}

/** A folder of the Nx workspace with everything in it, as an input. */
export function workspaceFolder(path: string): string {
  return path === '.' ? '{workspaceRoot}/**/*' : `{workspaceRoot}/${escapePattern(path)}/**/*`;
}

export interface SourceInputs {
  readonly filesets: readonly string[];
  /** Folders outside the Nx workspace, which Nx cannot hash, relative to it. */
  readonly outside: readonly string[];
}

/** Everything of the Nx workspace that cargo reads to build a crate: its sources and those it reaches, manifests, lock file, toolchain, configuration. */
export function sourceInputs({ graph, projectsBelow, pathOf }: Workspace, crate: Crate): SourceInputs {
  const crates = reachableCrates(graph, [crate.folder], ['normal', 'build', 'patch']);
  const own = pathOf(crate.folder);
  const folders = new Set(crates.map(({ folder }) => pathOf(folder)));
  const others = [...folders].filter((folder) => folder !== own && !isOutside(folder));
  // of the crate, and of crates that belong to other cargo workspaces and inherit from them
  const cargoRoots = [...new Set(crates.map(({ rootFolder }) => pathOf(rootFolder)))].filter((folder) => !isOutside(folder));
  const ownRoot = pathOf(crate.rootFolder);
  const filesets = [
    // Nx gives a file to the innermost project, so other crates below this one are not among these
    '{projectRoot}/**/*',
    // the manifests are the image's inputs, not the program's
    '!{projectRoot}/vm.json',
    '!{projectRoot}/*.vm.json',
    ...(own === ownRoot ? ['!{projectRoot}/target/**/*'] : []),
    ...(own === '.' ? ['!{projectRoot}/dist/package-vm/**/*'] : []),
    ...others.map(workspaceFolder),
    ...cargoRoots.filter((folder) => folder !== own && folders.has(folder)).map((folder) => `!${workspaceFolder(posix.join(folder, 'target'))}`),
    ...strangersBelow(others, [...folders], projectsBelow).map((folder) => `!${workspaceFolder(folder)}`),
    ...cargoRoots.map((folder) => workspaceFile(posix.join(folder, 'Cargo.toml'))),
    ...(isOutside(ownRoot) ? [] : [workspaceFile(posix.join(ownRoot, 'Cargo.lock'))]),
    ...levels(own).flatMap((level) => TOOLCHAIN_FILES.map((name) => workspaceFile(posix.join(level, name)))),
  ];
  return { filesets: [...new Set(filesets)], outside: [...folders].filter(isOutside) };
}

/** For each of the folders that has others below it, those. */
function foldersBelow(folders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = new Set(folders);
  const below = new Map<string, string[]>();
  for (const folder of folders) {
    for (const above of levels(folder).slice(1)) {
      if (all.has(above)) below.set(above, [...(below.get(above) ?? []), folder]);
    }
  }
  return below;
}

/** The innermost folder from the crate's upwards that holds a choice of toolchain or cargo settings: all crates below it have the same fingerprint. */
export function toolchainFolder({ pathOf, choosesToolchain }: Workspace, crate: Crate): string {
  return levels(pathOf(crate.folder)).find(choosesToolchain) ?? '.';
}

const TOOLCHAIN_FILES = ['rust-toolchain', 'rust-toolchain.toml', '.cargo/config', '.cargo/config.toml'];

/** A folder and those above it, up to the Nx workspace. */
export function levels(folder: string): readonly string[] {
  return folder === '.' ? ['.'] : [folder, ...levels(posix.dirname(folder))];
}

/** Crates below one of `folders` that are not needed, and hold none that is. */
function strangersBelow(folders: readonly string[], needed: readonly string[], projectsBelow: Workspace['projectsBelow']): readonly string[] {
  const below = folders.flatMap((folder) => projectsBelow.get(folder) ?? []);
  if (below.length === 0) return [];
  const kept = new Set(needed.filter((folder) => !isOutside(folder)).flatMap(levels));
  return [...new Set(below)].filter((folder) => !kept.has(folder));
}

/** Nx reads inputs as glob patterns; `?` stands for any one character, the special one too. */
export function escapePattern(path: string): string {
  return path.replace(/[*?[\]{}()!]/g, '?');
}
