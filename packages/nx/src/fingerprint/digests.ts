import { createHash } from 'node:crypto';
import { type Dirent, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Lower-case hexadecimal SHA-256 of the lines. */
export function digestLines(lines: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex');
}

/** The digest of a file's content; undefined when it cannot be read. */
export function digestFile(path: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return undefined;
  }
}

/** A line for a file, or for each file and link below a folder, sorted: path and digest. Folders that hold only what a build makes are passed over. */
export function digestTree(folder: string, prefix = ''): readonly string[] {
  const digest = digestFile(folder);
  if (digest !== undefined) return [`${prefix} ${digest}`];
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [`${prefix} is not there`];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const name = `${prefix}/${entry.name}`;
      if (entry.isDirectory()) return MADE.has(entry.name) ? [] : digestTree(path, name);
      if (entry.isSymbolicLink()) return [`${name} -> ${readlinkSync(path)} ${digestFile(path) ?? ''}`];
      return [`${name} ${digestFile(path) ?? ''}`];
    });
}

const MADE = new Set(['target', 'node_modules', '.git']);
