import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { closeSync, openSync, readSync } from 'node:fs';

/** How a pointer begins (git-lfs `docs/spec.md`); it has less than 1024 bytes. */
const POINTER = Buffer.from('version https://git-lfs.github.com/spec/v1\n');

/** Whether a file is what Git LFS leaves in the place of a content that it did not fetch. False for what cannot be read. */
export function isLfsPointer(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCodeOf(error) ?? '')) return false;
    throw error;
  }
  try {
    const head = Buffer.alloc(POINTER.length);
    return readSync(descriptor, head) === head.length && head.equals(POINTER);
  } catch (error) {
    if (errorCodeOf(error) === 'EISDIR') return false;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Refuses files whose content Git LFS has not fetched. @throws PVM_LFS_POINTER */
export function refuseLfsPointers(paths: readonly string[]): void {
  const pointers = paths.filter(isLfsPointer);
  const [first] = pointers;
  if (first === undefined) return;
  const others = pointers.length === 1 ? '' : ` and ${pointers.length - 1} more`;
  throw new PackageVmError('PVM_LFS_POINTER', `\`${first}\`${others} holds a pointer of Git LFS in the place of its content`, { hint: 'Fetch it with `git lfs pull`.', data: { files: pointers } });
}
