import { type Manifest, type Platform, mountsForImage } from '@package-vm/manifest';
import { posix } from 'node:path';

/** Where things are mounted, clean. */
export function mountPointsOf(manifest: Manifest, platform: Platform): readonly string[] {
  return [...mountsForImage(manifest, platform).values()].map((path) => posix.normalize(path.replace(/:ro$/, ''))).filter((path) => path !== '/');
}
