import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { type CargoPackage } from './cargo-package.js';

/** Where `cross` mounts the target folder in its container (cross `src/docker/local.rs`). */
const IN_CONTAINER = '/target';

/** A path that cargo named, on this machine: a cargo in a container knows the target folder as `/target`. */
export function pathOnThisMachine(path: string, { targetDir }: Pick<CargoPackage, 'targetDir'>): string {
  if (!isAbsolute(path) || existsSync(path)) return path;
  const inside = relative(IN_CONTAINER, path);
  const mapped = join(targetDir, inside);
  return !inside.startsWith('..') && existsSync(mapped) ? mapped : path;
}
