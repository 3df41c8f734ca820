import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ArtifactMessage } from './cargo-messages.js';
import { isFile } from './real-files.js';

/**
 * rustc's `.d` files of what a message of cargo is about. Cargo leaves them for what it built before, too; of several builds
 * with other features or flags it keeps several, told apart by a hash in their name.
 */
export function depInfoFiles({ filenames, target }: ArtifactMessage, folders: readonly string[]): readonly string[] {
  if (target.kind.includes('custom-build')) return filenames.flatMap((path) => depFilesIn(dirname(path)));
  if (target.kind.includes('bin')) return filenames.flatMap((path) => depInfoOfProgram(path, target.name, folders));
  const beside = filenames.map((path) => join(dirname(path), `${basename(path).replace(/^lib|\.[^.]*$/g, '')}.d`));
  return [...new Set(beside)].filter(isFile);
}

/** A program in its place has no hash in its name: it is the file of one that has. */
export function depInfoOfProgram(programPath: string, name: string, folders: readonly string[]): readonly string[] {
  const prefix = `${name.replaceAll('-', '_')}-`;
  const candidates = folders.flatMap((folder) => depFilesIn(folder).filter((path) => basename(path).startsWith(prefix) && /^[0-9a-f]+\.d$/.test(basename(path).slice(prefix.length))));
  const own = candidates.filter((path) => isSameProgram(path.slice(0, -'.d'.length), programPath));
  return own.length > 0 ? own : newest(candidates);
}

/** Cargo links or copies a program to its place. */
function isSameProgram(path: string, other: string): boolean {
  const [a, b] = [path, other].map((file) => statSync(file, { throwIfNoEntry: false }));
  if (a === undefined || b === undefined) return false;
  return (a.ino === b.ino && a.dev === b.dev) || (a.size === b.size && readFileSync(path).equals(readFileSync(other)));
}

function newest(paths: readonly string[]): readonly string[] {
  const [latest] = paths.map((path) => ({ path, time: statSync(path).mtimeMs })).sort((a, b) => b.time - a.time);
  return latest === undefined ? [] : [latest.path];
}

function depFilesIn(folder: string): readonly string[] {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.d')).sort().map((name) => join(folder, name));
}
