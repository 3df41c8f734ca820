import { posix, relative } from 'node:path';

// Paths from the root of the Nx workspace always have `/`, and `.` is the root itself.

/** The path from the Nx workspace, `.` for the workspace itself. */
export function fromRoot(root: string, path: string): string {
  return relative(root, path).replaceAll('\\', '/') || '.';
}

/** Whether a path from the Nx workspace leads out of it. */
export function isOutside(path: string): boolean {
  return path === '..' || path.startsWith('../') || posix.isAbsolute(path);
}

/** A folder and those above it, up to the Nx workspace. */
export function levels(folder: string): readonly string[] {
  return folder === '.' ? ['.'] : [folder, ...levels(posix.dirname(folder))];
}

/** A file of the Nx workspace as an input. */
export function workspaceFile(path: string): string {
  return `{workspaceRoot}/${escapePattern(path)}`;
}

/** A folder of the Nx workspace with everything in it, as an input. */
export function workspaceFolder(path: string): string {
  return workspacePattern(path, '**/*');
}

/** What a pattern means in a folder of the Nx workspace, as an input. */
export function workspacePattern(path: string, pattern: string): string {
  return path === '.' ? `{workspaceRoot}/${pattern}` : `{workspaceRoot}/${escapePattern(path)}/${pattern}`;
}

/** Nx reads inputs as glob patterns; `?` stands for any one character, the special one too. */
export function escapePattern(path: string): string {
  return path.replace(/[*?[\]{}()!]/g, '?');
}

/** The folder before the first part of a pattern that has a special character; the path itself where none has. */
export function patternBase(pattern: string): string {
  const parts = pattern.split('/');
  const special = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  return special === -1 ? pattern : parts.slice(0, special).join('/') || (pattern.startsWith('/') ? '/' : '.');
}
