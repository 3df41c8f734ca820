import { PackageVmError, errorCodeOf, errorMessageOf, isPackageVmError } from '@package-vm/errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'there is a folder of that name',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
};

/** What the system refused while `path` was written, as PVM_WRITE_FAILED; our own failures and bugs stay what they are. */
export function writeFailed(path: string, cause: unknown, hint?: string): unknown {
  const code = errorCodeOf(cause);
  if (isPackageVmError(cause) || code === undefined) return cause;
  return new PackageVmError('PVM_WRITE_FAILED', `Could not write \`${path}\`: ${REASONS[code] ?? errorMessageOf(cause)}`, { cause, hint });
}
