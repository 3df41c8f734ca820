import { existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Crate, CrateGraph } from 'package-vm/light';
import { type Remembered, remember } from './remember.js';
import { isOutside, levels } from './workspace-path.js';

/** Where rustup and cargo look, in each folder from the crate's upwards. */
export const TOOLCHAIN_FILES = ['rust-toolchain', 'rust-toolchain.toml', '.cargo/config', '.cargo/config.toml'];

/** An Nx workspace and its crates, with what is asked of it thousands of times. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly graph: CrateGraph;
  /** The path of an absolute folder from the root. */
  readonly pathOf: (folder: string) => string;
  /** Projects below other projects, by the path of the upper one. */
  readonly projectsBelow: ReadonlyMap<string, readonly string[]>;
  /** Whether a folder, given by its path, itself holds a choice of toolchain or cargo's configuration. */
  readonly choosesToolchain: Remembered<boolean>;
  /** Where a path leads with links followed; null for what is not there or lies elsewhere. */
  readonly realPathOf: Remembered<string | null>;
}

export function describeWorkspace(root: string, graph: CrateGraph, pathOf: Workspace['pathOf'], projects: readonly Crate[]): Workspace {
  const choosesToolchain = remember((path) => holdsToolchain(root, path));
  const realPathOf = remember((path) => realPathInside(root, path));
  return { root, graph, pathOf, choosesToolchain, realPathOf, projectsBelow: pathsBelow(projects.map(({ folder }) => pathOf(folder))) };
}

export function holdsToolchain(root: string, path: string): boolean {
  return TOOLCHAIN_FILES.some((name) => existsSync(join(root, path, name)));
}

export function realPathInside(root: string, path: string): string | null {
  try {
    const real = relative(realpathSync(root), realpathSync(join(root, path)));
    return isOutside(real) ? null : real;
  } catch {
    return null;
  }
}

function pathsBelow(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = new Set(paths);
  const below = new Map<string, string[]>();
  for (const path of paths) {
    for (const above of levels(path).slice(1)) {
      if (all.has(above)) below.set(above, [...(below.get(above) ?? []), path]);
    }
  }
  return below;
}
