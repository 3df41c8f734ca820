import { errorCodeOf } from '@package-vm/errors';
import { readdirSync, realpathSync, statSync } from 'node:fs';
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
