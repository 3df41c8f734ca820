import { type Tree, visitNotIgnoredFiles } from '@nx/devkit';
import { posix } from 'node:path';
import { cargoWorkspaceAbove, isCargoWorkspace } from './find-workspace.js';
import { isLockedMember } from './lock-file.js';
import { type CargoManifest, readCargoManifest } from './read-cargo-manifest.js';

/**
 * The `Cargo.toml` of a package that has a name already, in the cargo workspace at `root` or among the folders that its crates depend
 * on: cargo builds nothing there once a second has the name. Undefined when the name is free.
 *
 * @throws PVM_BAD_CARGO_MANIFEST
 */
export function findSameName(tree: Tree, root: string, name: string): string | undefined {
  const workspace = readCargoManifest(tree, posix.join(root, 'Cargo.toml'))?.workspace;
  const lock = tree.read(posix.join(root, 'Cargo.lock'), 'utf8');
  // the lock file alone does not tell: the crate may be gone
  const isLocked = lock !== null && isLockedMember(lock, name);
  const found: string[] = [];
  visitNotIgnoredFiles(tree, '.', (path) => {
    if (posix.basename(path) !== 'Cargo.toml' || tree.read(path, 'utf8')?.includes(name) !== true) return;
    if ((isLocked || isMember(tree, posix.dirname(path), root, workspace)) && readCargoManifest(tree, path)?.package?.name === name) found.push(path);
  });
  return found.sort()[0];
}

/** Whether cargo counts a crate to the workspace at `root`; what is below it and is no member does not build at all. */
function isMember(tree: Tree, folder: string, root: string, workspace: CargoManifest['workspace']): boolean {
  if (folder === root) return true;
  if (cargoWorkspaceAbove(tree, folder) !== root || isCargoWorkspace(tree, folder)) return false;
  const isBelow = (paths: readonly string[] = []): boolean => paths.some((path) => `${folder}/`.startsWith(`${posix.join(root, path, '.')}/`));
  return isBelow(workspace?.members) || !isBelow(workspace?.exclude);
}
