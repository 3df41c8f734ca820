import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/**
 * The folders that a pattern of `workspace.members` stands for, as the `glob` crate that cargo uses reads it: `*`, `?` and
 * `[…]` within a name (also at a leading dot), `**` for any number of folders. A literal path stands for itself, there or not.
 */
export function memberFolders(root: string, pattern: string): readonly string[] {
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.');
  return names.reduce<readonly string[]>((folders, name) => folders.flatMap((folder) => step(folder, name)), [root]);
}

/** Whether a path of `workspace.members`, pattern or not, stands for a folder; both relative to the workspace's root. */
export function isWorkspaceMember(pattern: string, folder: string): boolean {
  const [names, parts] = [pattern, folder].map((path) => path.split('/').filter((name) => name !== '' && name !== '.'));
  const matches = ([name, ...others]: readonly string[], [part, ...rest]: readonly string[]): boolean => {
    if (name === undefined) return part === undefined;
    if (name === '**') return matches(others, part === undefined ? [] : [part, ...rest]) || (part !== undefined && matches([name, ...others], rest));
    return part !== undefined && (isPattern(name) ? new RegExp(`^${translate(name)}$`, 's').test(part) : name === part) && matches(others, rest);
  };
  return matches(names ?? [], parts ?? []);
}

export function isPattern(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** Whether cargo leaves a folder out of a workspace: below a path of `exclude`, unless below a path of `members`. */
export function isExcluded(root: string, folder: string, { members, exclude }: { members: readonly string[]; exclude: readonly string[] }): boolean {
  const isBelow = (paths: readonly string[]): boolean => paths.some((path) => isInside(resolve(root, path), folder));
  return isBelow(exclude) && !isBelow(members.filter((member) => !isPattern(member)));
}

/** Whether `path` is `folder` or below it. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`));
}

function step(folder: string, name: string): readonly string[] {
  if (name === '**') return [folder, ...below(folder)];
  if (!isPattern(name)) return [join(folder, name)];
  const matcher = new RegExp(`^${translate(name)}$`, 's');
  return subfolders(folder).filter((child) => matcher.test(child)).map((child) => join(folder, child));
}

function below(folder: string): readonly string[] {
  return subfolders(folder)
    .filter((child) => !UNLIKELY.has(child))
    .flatMap((child) => [join(folder, child), ...below(join(folder, child))]);
}

/** Folders that `**` would enter in cargo, but that hold thousands of files and never a member. */
const UNLIKELY = new Set(['.git', 'node_modules', 'target']);

function subfolders(folder: string): readonly string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name).sort();
}

function translate(name: string): string {
  return name.replace(/\[(!?)([^\]]+)\]|[\s\S]/g, (piece, negation: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${negation === '!' ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    return piece.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
}
