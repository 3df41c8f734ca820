import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The Nx workspace at or above a folder; without one the repository; without that the folder itself. Absolute. */
export function findWorkspaceRoot(folder: string): string {
  return nearest(folder, 'nx.json') ?? nearest(folder, '.git') ?? resolve(folder);
}

function nearest(start: string, name: string): string | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
