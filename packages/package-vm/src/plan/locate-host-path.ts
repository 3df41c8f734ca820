import { errorCodeOf } from '@package-vm/errors';
import { type Stats, realpathSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';

export interface Boundary {
  /** Folder that the manifest's relative paths start from, absolute. */
  readonly baseFolder: string;
  /** Nothing outside this folder is read, absolute; links are followed to tell. */
  readonly boundary: string;
}

export type Located = { readonly hostPath: string; readonly stats: Stats } | { readonly problem: 'missing-path' | 'outside-workspace' };

/** What a path of the manifest leads to on this machine. */
export function locateHostPath(path: string, { baseFolder, boundary }: Boundary): Located {
  const hostPath = resolve(baseFolder, path);
  try {
    const real = realpathSync(hostPath);
    return isInside(realpathSync(boundary), real) ? { hostPath, stats: statSync(real) } : { problem: 'outside-workspace' };
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCodeOf(error) ?? '')) throw error;
    return { problem: 'missing-path' };
  }
}

/** Whether a path is a folder or lies below it; both absolute and without links. */
export function isInside(folder: string, path: string): boolean {
  return relative(folder, path).split('/')[0] !== '..';
}
