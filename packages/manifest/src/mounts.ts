import { type Platform } from './rules/check.js';
import { type Manifest } from './schema/manifest.js';

/**
 * What is mounted where in the image: key to guest path, in the order of the keys.
 *
 * For `gevulot` the keys are numbered `%0`, `%1`, … in the byte order of what is written, as ops numbers them when there are no local volumes
 * (ops provider/onprem/onprem_volume.go:243-310): the documented `"%1": "/workspace"` becomes `%0`, the number under which a node shares the
 * workspace. For `nanos` they stay as written.
 */
export function mountsForImage(manifest: Manifest, platform: Platform): ReadonlyMap<string, string> {
  const mounts = Object.entries(manifest.Mounts ?? {});
  if (platform === 'nanos') return new Map(mounts);
  const sorted = mounts.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return new Map(sorted.map(([, guestPath], index) => [`%${index}`, guestPath]));
}
