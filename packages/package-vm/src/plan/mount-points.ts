import { type Keys, type Manifest } from '@package-vm/manifest';
import { posix } from 'node:path';

export interface MountPoint {
  /** Inside the image, clean. */
  readonly path: string;
  /** Where the manifest asks for it. */
  readonly keys: Keys;
}

/** Where things are mounted. */
export function mountPointsOf({ Mounts = {} }: Manifest): readonly MountPoint[] {
  return Object.entries(Mounts).flatMap(([key, mounted]) => {
    const path = posix.normalize(mounted.replace(/:ro$/, ''));
    return path === '/' ? [] : [{ path, keys: ['Mounts', key] }];
  });
}
