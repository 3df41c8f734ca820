import { PackageVmError } from '@package-vm/errors';
import { posix } from 'node:path';
import { escapePattern, fromRoot, isOutside } from '../plugin/workspace-path.js';

/** Gives those files (patterns, relative to the Nx workspace) that Nx knows and so hashes. */
export type AskNx = (workspaceRoot: string, patterns: string[]) => Promise<readonly string[]>;

/** More than these are not asked for one by one. */
const PATTERNS_MAX = 200;

/** Those of the files (relative to the Nx workspace) that Nx knows and so hashes, and perhaps others. */
export async function knownToNx(workspaceRoot: string, paths: readonly string[], askNx: AskNx = askWorkspace): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  return new Set(await askNx(workspaceRoot, paths.length > PATTERNS_MAX ? ['**/*'] : paths.map(escapePattern)));
}

export interface PackedFiles {
  readonly workspaceRoot: string;
  /** Absolute. */
  readonly paths: readonly string[];
  /** Folder of the crate, relative to the Nx workspace: the settings' paths start there. */
  readonly crateFolder: string;
  /** Paths of the settings' `inputs`, as they stand. */
  readonly inputs: readonly string[];
}

/**
 * Refuses what was made of files that Nx does not hash, because they are ignored or behind a link: a change of theirs would be
 * answered from the cache. Paths outside the Nx workspace are passed over; the plan refuses those.
 *
 * @throws PVM_UNHASHED_FILE with the line to add
 */
export async function refuseUnhashedFiles(files: PackedFiles, askNx: AskNx = askWorkspace): Promise<void> {
  const { workspaceRoot } = files;
  const paths = [...new Set(files.paths.map((path) => fromRoot(workspaceRoot, path)))].filter((path) => !isOutside(path));
  const known = await knownToNx(workspaceRoot, paths, askNx);
  const unknown = paths.filter((path) => !known.has(path));
  const [first] = unknown;
  if (first === undefined) return;
  const others = unknown.length === 1 ? '' : ` and ${unknown.length - 1} more`;
  throw new PackageVmError('PVM_UNHASHED_FILE', `Nx does not hash \`${first}\`${others}, so a change of it would go unseen and the old outcome come from the cache`, {
    hint: hint(files, unknown),
    data: { files: unknown },
  });
}

/** Folders with more files than this are named instead of them. */
const FILES_MAX = 3;

function hint({ crateFolder, inputs }: PackedFiles, unknown: readonly string[]): string {
  const folders = new Map<string, string[]>();
  for (const path of unknown) folders.set(posix.dirname(path), [...(folders.get(posix.dirname(path)) ?? []), path]);
  const named = [...folders].flatMap(([folder, paths]) => (paths.length > FILES_MAX && isOutside(posix.relative(folder, crateFolder)) ? [folder] : paths));
  const items = [...new Set([...inputs, ...named.map((path) => posix.relative(crateFolder, path))])].map((item) => JSON.stringify(item));
  return `In \`${posix.join(crateFolder, 'Cargo.toml')}\`, under \`[package.metadata.package-vm]\`, this line has it in the key by its digest:\ninputs = [${items.join(', ')}]`;
}

async function askWorkspace(workspaceRoot: string, patterns: string[]): Promise<readonly string[]> {
  const { globWithWorkspaceContext } = await import('@nx/devkit/internal');
  return globWithWorkspaceContext(workspaceRoot, patterns);
}
