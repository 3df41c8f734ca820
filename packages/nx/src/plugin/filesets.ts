import { existsSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { type Crate, type CrateGraph, reachableCrates } from 'package-vm/light';

/** The Nx workspace in the paths of inputs: always `/`, `.` for the root itself. */
export interface Workspace {
  readonly root: string;
  readonly graph: CrateGraph;
  /** Folders of crates that are projects, relative to the root. */
  readonly projectRoots: ReadonlySet<string>;
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
export function sourceInputs({ root, graph, projectRoots }: Workspace, crate: Crate): SourceInputs {
  const crates = reachableCrates(graph, [crate.folder], ['normal', 'build', 'patch']);
  const folders = crates.map(({ folder }) => fromRoot(root, folder));
  const own = fromRoot(root, crate.folder);
  const others = folders.filter((folder) => folder !== own && !isOutside(folder));
  const cargoRoot = fromRoot(root, crate.rootFolder);
  const filesets = [
    // Nx gives a file to the innermost project, so other crates below this one are not among these
    '{projectRoot}/**/*',
    // the manifests are the image's inputs, not the program's
    '!{projectRoot}/vm.json',
    '!{projectRoot}/*.vm.json',
    ...(own === cargoRoot ? ['!{projectRoot}/target/**/*'] : []),
    ...(own === '.' ? ['!{projectRoot}/dist/package-vm/**/*'] : []),
    ...others.map(workspaceFolder),
    ...others.filter((folder) => folder === cargoRoot || isOwnRoot(crates, root, folder)).map((folder) => `!${workspaceFolder(posix.join(folder, 'target'))}`),
    ...strangersBelow(others, folders, projectRoots).map((folder) => `!${workspaceFolder(folder)}`),
    ...(isOutside(cargoRoot) ? [] : ['Cargo.toml', 'Cargo.lock'].map((name) => workspaceFile(posix.join(cargoRoot, name)))),
    ...levels(own).flatMap((level) => TOOLCHAIN_FILES.map((name) => workspaceFile(posix.join(level, name)))),
  ];
  return { filesets: [...new Set(filesets)], outside: folders.filter(isOutside) };
}

/** The innermost folder from the crate's upwards that holds a choice of toolchain or cargo settings: all crates below it have the same fingerprint. */
export function toolchainFolder(root: string, crate: Crate, exists: (path: string) => boolean = existsSync): string {
  return levels(fromRoot(root, crate.folder)).find((level) => TOOLCHAIN_FILES.some((name) => exists(join(root, level, name)))) ?? '.';
}

const TOOLCHAIN_FILES = ['rust-toolchain', 'rust-toolchain.toml', '.cargo/config', '.cargo/config.toml'];

/** A folder and those above it, up to the Nx workspace. */
export function levels(folder: string): readonly string[] {
  return folder === '.' ? ['.'] : [folder, ...levels(posix.dirname(folder))];
}

function isOwnRoot(crates: readonly Crate[], root: string, folder: string): boolean {
  return crates.some((crate) => crate.folder === crate.rootFolder && fromRoot(root, crate.folder) === folder);
}

/** Crates below one of `folders` that are not needed, and hold none that is. */
function strangersBelow(folders: readonly string[], needed: readonly string[], projectRoots: ReadonlySet<string>): readonly string[] {
  const isBelow = (folder: string, path: string): boolean => path !== folder && (folder === '.' || path.startsWith(`${folder}/`));
  return [...projectRoots].filter(
    (path) => folders.some((folder) => isBelow(folder, path)) && !needed.some((other) => other === path || isBelow(path, other)),
  );
}

/** Nx reads inputs as glob patterns; `?` stands for any one character, the special one too. */
export function escapePattern(path: string): string {
  return path.replace(/[*?[\]{}()!]/g, '?');
}
