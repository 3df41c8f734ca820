import { createHash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, posix, relative, resolve } from 'node:path';
import type Picomatch from 'picomatch';
import { patternBase } from '../plugin/workspace-path.js';
import { FileDigests } from './file-digests.js';

/** Lower-case hexadecimal SHA-256 of the lines. */
export function digestLines(lines: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex');
}

/**
 * A line for a file, or for each file, link and empty folder below a folder, sorted: path and digest. What links lead to counts
 * too. Folders that hold only what a build makes are passed over.
 */
export function digestTree(path: string, prefix = '', digests = new FileDigests()): readonly string[] {
  return [...linesBelow(path, prefix, { digests, root: path, above: new Set() })];
}

/** The lines of a file, a folder or a pattern, given relative to the Nx workspace; one that says so where there is nothing. */
export function digestInput(workspaceRoot: string, input: string, digests: FileDigests): readonly string[] {
  const path = resolve(workspaceRoot, input);
  const base = existsSync(path) ? input : patternBase(input);
  if (base === input) return digestTree(path, input, digests);
  const picomatch = createRequire(import.meta.url)('picomatch') as typeof Picomatch;
  const matches = picomatch(posix.relative(base, input), { dot: true });
  const files = filesBelow(resolve(workspaceRoot, base)).filter((file) => matches(file));
  const lines = files.map((file) => `${base}/${file} ${digests.of(resolve(workspaceRoot, base, file)) ?? ''}`);
  return lines.length === 0 ? [`${input} is not there`] : lines;
}

/** Whether a folder holds only what a build or git makes; cargo marks its target folders. */
export function isMade(folder: string): boolean {
  return /(^|[/\\])(\.git|node_modules)$/.test(folder) || existsSync(join(folder, 'CACHEDIR.TAG')) || existsSync(join(folder, '.rustc_info.json'));
}

interface Walk {
  readonly digests: FileDigests;
  readonly root: string;
  /** Real paths of the folders that the walk is in: a link may lead back up. */
  readonly above: ReadonlySet<string>;
}

function* linesBelow(path: string, name: string, walk: Walk): Iterable<string> {
  const digest = walk.digests.of(path);
  if (digest !== undefined) {
    yield `${name} ${digest}`;
    return;
  }
  const entries = entriesOf(path);
  if (entries === undefined) {
    yield `${name} is not there`;
    return;
  }
  const real = realpathSync(path);
  if (walk.above.has(real)) return;
  if (entries.length === 0) yield `${name}/`;
  for (const entry of entries) {
    const below = join(path, entry.name);
    if (entry.isDirectory() && isMade(below)) continue;
    if (entry.isSymbolicLink()) yield `${name}/${entry.name} -> ${linkText(below, walk.root)}`;
    yield* linesBelow(below, `${name}/${entry.name}`, { ...walk, above: new Set([...walk.above, real]) });
  }
}

/** Where a link leads, without the place of the Nx workspace on this machine. */
function linkText(path: string, root: string): string {
  const target = readlinkSync(path);
  const inside = isAbsolute(target) ? relative(root, target) : target;
  return isAbsolute(target) && inside.startsWith('..') ? target : inside;
}

/** Paths below a folder, links followed, sorted. */
function filesBelow(folder: string, above: ReadonlySet<string> = new Set()): readonly string[] {
  const entries = entriesOf(folder) ?? [];
  const real = entries.length === 0 ? folder : realpathSync(folder);
  if (above.has(real)) return [];
  return entries.flatMap(({ name }) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() !== true) return stats === undefined ? [] : [name];
    return isMade(path) ? [] : filesBelow(path, new Set([...above, real])).map((below) => `${name}/${below}`);
  });
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}
