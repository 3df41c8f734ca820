import type { Tree } from '@nx/devkit';
import { posix } from 'node:path';

/** The folder of the cargo workspace that a new crate in `folder` belongs to: the nearest above with a `Cargo.toml` that is one; undefined when there is none. */
export function cargoWorkspaceAbove(tree: Tree, folder: string): string | undefined {
  for (let above = posix.dirname(folder); ; above = posix.dirname(above)) {
    const text = tree.read(posix.join(above, 'Cargo.toml'), 'utf8');
    // a look at the header only: the file is parsed where it is edited
    if (text !== null && /^\s*\[\s*workspace\s*[\].]/m.test(text)) return above;
    if (above === '.' || above === '/') return undefined;
  }
}
