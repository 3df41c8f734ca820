import { errorCodeOf, errorMessageOf } from '@package-vm/errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'there is a folder of that name',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
};

/** What the system said, in words. */
export function describeSystemError(cause: unknown): string {
  return REASONS[errorCodeOf(cause) ?? ''] ?? errorMessageOf(cause);
}
