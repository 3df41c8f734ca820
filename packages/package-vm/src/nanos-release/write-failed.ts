import { PackageVmError, errorMessageOf, isPackageVmError } from '@package-vm/errors';

/** Runs an action that writes at `path`; what the system refuses becomes one error. @throws PVM_WRITE_FAILED */
export async function writing<T>(path: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeFailed(path, error);
  }
}

export function writeFailed(path: string, cause: unknown): PackageVmError {
  if (isPackageVmError(cause)) return cause;
  return new PackageVmError('PVM_WRITE_FAILED', `Could not write \`${path}\`: ${errorMessageOf(cause)}`, {
    hint: 'Free some space or allow writing there; XDG_CACHE_HOME moves the cache.',
    cause,
  });
}
