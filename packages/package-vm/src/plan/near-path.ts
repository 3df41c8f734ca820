import { nearestKey } from '@package-vm/manifest';
import { errorCodeOf } from '@package-vm/errors';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Boundary, isInside } from './locate-host-path.js';

/** The path that was probably meant by one that leads nowhere: its parts in another case or with a slip, and with the slashes that are used here. */
export function nearPath(path: string, { baseFolder, boundary }: Boundary): string | undefined {
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    const folder = join(baseFolder, ...parts);
    if (!isInside(boundary, folder)) return undefined;
    const found = existsSync(join(folder, part)) ? part : nearestName(part, folder);
    if (found === undefined) return undefined;
    parts.push(found);
  }
  return parts.join('/');
}

/** Names with other digits are of other files: `k18.bin`, `k19.bin`. */
function nearestName(name: string, folder: string): string | undefined {
  const digits = (text: string): string => text.replace(/\D/g, '');
  return nearestKey(name, namesIn(folder).filter((candidate) => digits(candidate) === digits(name)))?.key;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(errorCodeOf(error) ?? '')) throw error;
    return [];
  }
}
