import type { Tree } from '@nx/devkit';
import { posix } from 'node:path';

/** The folder of the cargo workspace that a new crate in `folder` belongs to: the nearest above with a `Cargo.toml` that is one; undefined when there is none. */
export function cargoWorkspaceAbove(tree: Tree, folder: string): string | undefined {
  for (let above = posix.dirname(folder); ; above = posix.dirname(above)) {
    if (isCargoWorkspace(tree, above)) return above;
    if (above === '.' || above === '/') return undefined;
  }
}

/** Whether the `Cargo.toml` of a folder has a workspace: a look at the header only, since the file is parsed where it is edited. */
export function isCargoWorkspace(tree: Tree, folder: string): boolean {
  return /^\s*\[\s*workspace\s*[\].]/m.test(tree.read(posix.join(folder, 'Cargo.toml'), 'utf8') ?? '');
}
