import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readCargoToml } from '../crate-graph/cargo-toml.js';

/** The Nx workspace at or above a folder; without one the repository, the cargo workspace, or the folder itself. Absolute. */
export function findWorkspaceRoot(folder: string): string {
  return nearest(folder, hasFile('nx.json')) ?? nearest(folder, hasFile('.git')) ?? nearest(folder, isCargoWorkspace) ?? resolve(folder);
}

function hasFile(name: string): (folder: string) => boolean {
  return (folder) => existsSync(join(folder, name));
}

function isCargoWorkspace(folder: string): boolean {
  return readCargoToml(join(folder, 'Cargo.toml'))?.table.workspace !== undefined;
}

function nearest(start: string, matches: (folder: string) => boolean): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (matches(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
