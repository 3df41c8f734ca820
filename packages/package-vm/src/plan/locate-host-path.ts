import { errorCodeOf } from '@package-vm/errors';
import { type Stats, accessSync, constants, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export interface Boundary {
  /** Folder that the manifest's relative paths start from, absolute. */
  readonly baseFolder: string;
  /** Nothing outside this folder is read, absolute; links are followed to tell. */
  readonly boundary: string;
}

/** `hostPath` has no links below the boundary. */
export type Located = { readonly hostPath: string; readonly stats: Stats } | { readonly problem: 'link-outside' | 'missing-path' | 'outside-workspace' | 'unreadable-path' };

/** What a path of the manifest leads to on this machine. */
export function locateHostPath(path: string, { baseFolder, boundary }: Boundary): Located {
  try {
    const written = resolve(baseFolder, path);
    const real = realpathSync(written);
    const realBoundary = realpathSync(boundary);
    if (!isInside(realBoundary, real)) return { problem: isInside(boundary, written) || isInside(realBoundary, written) ? 'link-outside' : 'outside-workspace' };
    // the boundary keeps the name it was given
    const hostPath = join(boundary, relative(realBoundary, real));
    accessSync(hostPath, constants.R_OK);
    return { hostPath, stats: statSync(hostPath) };
  } catch (error) {
    const code = errorCodeOf(error) ?? '';
    if (['EACCES', 'EPERM'].includes(code)) return { problem: 'unreadable-path' };
    if (!['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(code)) throw error;
    return { problem: 'missing-path' };
  }
}

/** Whether a path is a folder or lies below it; both absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  return relative(folder, path).split('/')[0] !== '..';
}
