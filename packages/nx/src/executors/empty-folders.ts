import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isPassedOver } from '../fingerprint/digests.js';
import { fromRoot } from '../plugin/workspace-path.js';

/** The empty folders at or below a path. */
export function emptyFolders(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  if (entries.length === 0) return [path];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name)).filter((folder) => !isPassedOver(folder)).flatMap(emptyFolders);
}

/** Warns of folders that are named as inputs and hold nothing: neither git nor Nx keeps them, so a clone has none. */
export function showEmptyInputs(workspaceRoot: string, paths: readonly string[]): void {
  for (const folder of new Set(paths.flatMap(emptyFolders))) {
    console.error(`warning empty-folder: \`${fromRoot(workspaceRoot, folder)}\` is empty: neither git nor Nx keeps it, so another clone is built without it`);
  }
}
