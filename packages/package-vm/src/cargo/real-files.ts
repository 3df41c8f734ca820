import { errorCodeOf } from '@package-vm/errors';
import { type Dirent, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** A path with the links in it followed, also where nothing is, as far as there is something. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(errorCodeOf(error) ?? '')) throw error;
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/** The file itself, or all files of a folder but for what is passed over, with links followed. What is not there is a file that may come. */
export function* filesBelow(path: string, isPassedOver: (path: string) => boolean, seen = new Set<string>()): Iterable<string> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    yield path;
    return;
  }
  // a link may lead back up
  if (seen.has(path)) return;
  seen.add(path);
  for (const name of readdirSync(path).sort()) {
    const below = realPath(join(path, name));
    if (!isPassedOver(below)) yield* filesBelow(below, isPassedOver, seen);
  }
}

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** From the nearest to the root. */
export function foldersAbove(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...foldersAbove(parent)];
}

/** What is in a folder; nothing where it is not there. */
export function entriesOf(folder: string): readonly Dirent[] {
  return ifThere(() => readdirSync(folder, { withFileTypes: true })) ?? [];
}

/** The text of a file, empty where it is not there. */
export function textOf(path: string): string {
  return ifThere(() => readFileSync(path, 'utf8')) ?? '';
}

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(errorCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}
