import { PackageVmError } from '@package-vm/errors';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { escapePattern, fromRoot, isOutside } from '../plugin/workspace-path.js';

/** Gives those files (patterns, relative to the Nx workspace) that Nx knows and so hashes. */
export type AskNx = (workspaceRoot: string, patterns: string[]) => Promise<readonly string[]>;

/**
 * Refuses what was made of files that Nx does not hash, because they are ignored or behind a link: a change of theirs would be
 * answered from the cache. Paths outside the Nx workspace are passed over; the plan refuses those.
 *
 * @throws PVM_UNHASHED_FILE with the lines to add
 */
export async function refuseUnhashedFiles(workspaceRoot: string, hostPaths: readonly string[], askNx: AskNx = askWorkspace): Promise<void> {
  const paths = [...new Set(hostPaths.map((path) => fromRoot(workspaceRoot, path)))].filter((path) => !isOutside(path));
  if (paths.length === 0) return;
  const known = new Set(await askNx(workspaceRoot, paths.map(escapePattern)));
  const unknown = paths.filter((path) => !known.has(path));
  const [first] = unknown;
  if (first === undefined) return;
  const others = unknown.length === 1 ? '' : ` and ${unknown.length - 1} more`;
  throw new PackageVmError('PVM_UNHASHED_FILE', `Nx does not hash \`${first}\`${others}, so a change of it would go unseen and the old outcome come from the cache`, {
    hint: hint(workspaceRoot, unknown, known),
    data: { files: unknown },
  });
}

function hint(workspaceRoot: string, unknown: readonly string[], known: ReadonlySet<string>): string {
  const realRoot = realpathSync(workspaceRoot);
  for (const path of unknown) {
    const real = realpathSync(join(workspaceRoot, path));
    if (real !== join(realRoot, path)) return `\`${path}\` is behind a link: name \`${fromRoot(realRoot, real)}\` instead.`;
  }
  return `Add to \`.nxignore\`, so that Nx sees what git ignores:\n${linesToAdd(unknown, known).join('\n')}`;
}

/** Lines that take files back from `.gitignore`, with the folders above them in which Nx knows nothing. */
function linesToAdd(unknown: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const lines = unknown.flatMap((path) => {
    const names = path.split('/');
    const folders = names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
    const ignored = folders.filter((folder) => ![...known].some((other) => other.startsWith(`${folder}/`)));
    return [...ignored.map((folder) => `!${folder}/`), `!${path}`];
  });
  return [...new Set(lines)];
}

async function askWorkspace(workspaceRoot: string, patterns: string[]): Promise<readonly string[]> {
  const { globWithWorkspaceContext } = await import('@nx/devkit/internal');
  return globWithWorkspaceContext(workspaceRoot, patterns);
}
