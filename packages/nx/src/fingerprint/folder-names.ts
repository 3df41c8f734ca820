import { readdirSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix, resolve } from 'node:path';
import type Picomatch from 'picomatch';

/**
 * A line for each file, link and folder that an image gets from a folder of its manifest, whether Nx hashes it or not: Nx sees
 * neither that an ignored file came, nor an empty folder, nor a link that leads to another file of the same content. `source` is relative to
 * the Nx workspace: a folder with a slash behind it, or one with a pattern for names at any depth, as in `MapDirs`.
 */
export function folderNames(workspaceRoot: string, source: string): readonly string[] {
  const folder = posix.dirname(`${source}*`);
  const pattern = source.slice(source.lastIndexOf('/') + 1);
  const matches = pattern === '' ? () => true : matcher(pattern);
  return [source, ...namesBelow(resolve(workspaceRoot, folder), '', matches)];
}

function matcher(pattern: string): (name: string) => boolean {
  const picomatch = createRequire(import.meta.url)('picomatch') as typeof Picomatch;
  // as the plan of an image reads it
  return picomatch(pattern, { dot: true, nobrace: true, noextglob: true, noglobstar: true, nonegate: true });
}

function namesBelow(folder: string, prefix: string, matches: (name: string) => boolean): readonly string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // the build says why
    return [];
  }
  return entries.flatMap((entry) => {
    const [path, name] = [join(folder, entry.name), `${prefix}${entry.name}`];
    const own = !matches(entry.name) ? [] : [entry.isSymbolicLink() ? `${name} -> ${readlinkSync(path)}` : entry.isDirectory() ? `${name}/` : name];
    return entry.isDirectory() ? [...own, ...namesBelow(path, `${name}/`, matches)] : own;
  });
}
