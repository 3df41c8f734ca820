import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether cargo marked a folder as one of its target folders: with a tag, or with what it knows of rustc in older ones. */
export function isTargetFolder(folder: string): boolean {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return statSync(join(folder, '.rustc_info.json'), { throwIfNoEntry: false }) !== undefined || tagOf(folder).includes('created by cargo');
}

function tagOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'CACHEDIR.TAG'), 'utf8');
  } catch {
    // none, or none that can be read: a folder like any other
    return '';
  }
}
