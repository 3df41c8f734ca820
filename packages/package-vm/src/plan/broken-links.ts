import { posix } from 'node:path';
import { type PlannedEntry } from './plan.js';
import { isKernelFile } from './system-files.js';

/** Links on the way to a file; more are taken for a loop. */
const MAX_LINKS = 40;

/** The links of a tree that lead nowhere inside it; what the kernel provides and what lies below a mount point counts as there. */
export function brokenLinks(entries: readonly PlannedEntry[], mountPoints: readonly string[]): readonly { readonly path: string; readonly target: string }[] {
  const tree = new Map(entries.map((entry) => [entry.path, entry]));
  return entries.flatMap((entry) => (entry.kind === 'link' && !leadsSomewhere(entry.path, tree, mountPoints) ? [{ path: entry.path, target: entry.target }] : []));
}

function leadsSomewhere(path: string, tree: ReadonlyMap<string, PlannedEntry>, mountPoints: readonly string[]): boolean {
  let parts = path.split('/').filter((part) => part !== '');
  let links = 0;
  let done = '';
  while (parts.length > 0) {
    const [part = '', ...rest] = parts;
    parts = rest;
    const next = posix.join('/', done, part);
    const entry = tree.get(next);
    if (entry?.kind === 'link') {
      links += 1;
      if (links > MAX_LINKS) return false;
      parts = [...entry.target.split('/').filter((piece) => piece !== ''), ...parts];
      if (entry.target.startsWith('/')) done = '';
      continue;
    }
    if (entry === undefined && next !== '/' && !isKernelFile(next) && !hasKernelBelow(next)) return false;
    if (entry?.kind === 'file' && parts.length > 0) return false;
    if (mountPoints.includes(next)) return true;
    done = next;
  }
  return true;
}

function hasKernelBelow(path: string): boolean {
  return path === '/dev' || path === '/proc' || path === '/proc/self' || path.startsWith('/sys');
}
