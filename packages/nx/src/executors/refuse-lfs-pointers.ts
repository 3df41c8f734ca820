import { PackageVmError } from '@package-vm/errors';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fromRoot } from '../plugin/workspace-path.js';

/** How each pointer begins (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md), and how long it can be. */
const FIRST_LINE = 'version https://git-lfs.github.com/spec/v1\n';
const POINTER_BYTES_MAX = 1024;

/**
 * Refuses files of which git has fetched only the pointer that stands for the content.
 *
 * @throws PVM_LFS_POINTER
 */
export function refuseLfsPointers(workspaceRoot: string, paths: readonly string[]): void {
  const pointers = paths.filter(isPointer).map((path) => fromRoot(workspaceRoot, path));
  const [first] = pointers;
  if (first === undefined) return;
  const others = pointers.length === 1 ? '' : ` and ${pointers.length - 1} more`;
  throw new PackageVmError('PVM_LFS_POINTER', `\`${first}\`${others} holds a pointer of Git LFS instead of its content`, {
    hint: `Fetch the content: \`git lfs pull --include=${JSON.stringify(pointers.join(','))}\`. In CI, check out with LFS.`,
    data: { files: pointers },
  });
}

function isPointer(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.size > POINTER_BYTES_MAX) return false;
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(FIRST_LINE.length);
    return readSync(file, start) === start.length && start.toString('latin1') === FIRST_LINE;
  } finally {
    closeSync(file);
  }
}
