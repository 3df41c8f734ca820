import { isPackageVmError, type PackageVmError } from '@package-vm/errors';

/** The failure that a call ends with; anything else is thrown on. */
export function failureOf(call: () => unknown): PackageVmError {
  try {
    call();
  } catch (error) {
    if (isPackageVmError(error)) return error;
    throw error;
  }
  throw new Error('expected a failure');
}
