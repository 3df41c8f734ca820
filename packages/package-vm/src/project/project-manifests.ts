import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProjectOptions } from './read-project.js';

/**
 * The manifests that a path means: the file itself, or those of a crate, `vm.json` and all `<program>.vm.json` beside its `Cargo.toml`. A folder
 * without any is left to {@link readProject}, which follows the settings or says what it looked for.
 */
export function projectManifests(path: string): readonly Pick<ProjectOptions, 'folder' | 'manifestPath'>[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [{ folder: dirname(path), manifestPath: path }];
  const folder = nearestCrate(path) ?? path;
  const names = readdirSync(folder).filter((name) => name === 'vm.json' || name.endsWith('.vm.json')).sort();
  return names.length < 2 ? [{ folder: path }] : names.map((name) => ({ folder, manifestPath: join(folder, name) }));
}

function nearestCrate(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Cargo.toml'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
