import { createHash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, posix, resolve } from 'node:path';
import { isTargetFolder } from 'package-vm/build-key';
import type Picomatch from 'picomatch';
import { fromRoot, isOutside, patternBase } from '../plugin/workspace-path.js';
import { FileDigests } from './file-digests.js';

/** Lower-case hexadecimal SHA-256 of the lines. */
export function digestLines(lines: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex');
}

/**
 * A line for a file, or for each file, link and empty folder below a folder, sorted: path and digest. What links lead to counts
 * too. Folders that hold only what a build makes are passed over.
 */
export function digestTree(path: string, { prefix = '', workspaceRoot = path, digests = new FileDigests() }: Partial<TreeOptions> = {}): readonly string[] {
  return [...linesBelow(path, prefix, { digests, workspaceRoot, above: new Set() })];
}

export interface TreeOptions {
  /** What the lines have in the place of the path. */
  readonly prefix: string;
  /** Absolute links into it are the same in every clone. */
  readonly workspaceRoot: string;
  readonly digests: FileDigests;
}

/** The lines of a file, a folder or a pattern, given relative to the Nx workspace; one that says so where there is nothing. */
export function digestInput(workspaceRoot: string, input: string, digests: FileDigests): readonly string[] {
  const path = resolve(workspaceRoot, input);
  const base = existsSync(path) ? input : patternBase(input);
  if (base === input) return digestTree(path, { prefix: input, workspaceRoot, digests });
  const matches = matcher(posix.relative(base, input));
  const files = filesBelow(resolve(workspaceRoot, base)).filter((file) => matches(file));
  const lines = files.map((file) => `${base}/${file} ${digests.of(resolve(workspaceRoot, base, file)) ?? ''}`);
  return lines.length === 0 ? [`${input} is not there`] : lines;
}

/** Whether `digestInput` for this input would hold a file, by its absolute path with links followed. */
export function isDigested(workspaceRoot: string, input: string, path: string): boolean {
  const whole = resolve(workspaceRoot, input);
  const base = existsSync(whole) ? whole : resolve(workspaceRoot, patternBase(input));
  return [...new Set([base, realPath(base)])].some((from) => {
    const inside = fromRoot(from, path);
    if (isOutside(inside) || foldersBetween(from, path).some(isPassedOver)) return false;
    return base === whole || matcher(posix.relative(patternBase(input), input))(inside);
  });
}

/** Whether a folder in a declared one is left out of its digest: it holds what git, npm or cargo put there, and is named by itself where it counts. */
export function isPassedOver(folder: string): boolean {
  return /(^|[/\\])(\.git|node_modules)$/.test(folder) || isTargetFolder(folder);
}

function matcher(pattern: string): (path: string) => boolean {
  const picomatch = createRequire(import.meta.url)('picomatch') as typeof Picomatch;
  return picomatch(pattern, { dot: true });
}

/** The folders below one of them that a path leads through. */
function foldersBetween(folder: string, path: string): readonly string[] {
  const above = dirname(path);
  return above === folder || isOutside(fromRoot(folder, above)) ? [] : [...foldersBetween(folder, above), above];
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

interface Walk {
  readonly digests: FileDigests;
  readonly workspaceRoot: string;
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
    if (entry.isDirectory() && isPassedOver(below)) continue;
    if (entry.isSymbolicLink()) yield `${name}/${entry.name} -> ${linkText(below, walk.workspaceRoot)}`;
    yield* linesBelow(below, `${name}/${entry.name}`, { ...walk, above: new Set([...walk.above, real]) });
  }
}

/** Where a link leads, without the place of the Nx workspace on this machine. */
function linkText(path: string, workspaceRoot: string): string {
  const target = readlinkSync(path);
  if (!isAbsolute(target)) return target;
  const inside = fromRoot(workspaceRoot, target);
  return isOutside(inside) ? target : `/${inside}`;
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
    return isPassedOver(path) ? [] : filesBelow(path, new Set([...above, real])).map((below) => `${name}/${below}`);
  });
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return undefined;
  }
}
