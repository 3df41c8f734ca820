import { PackageVmError, errorCodeOf, isPackageVmError } from '@package-vm/errors';
import { describeSystemError } from './system-error.js';

/** What the system refused while `path` was written, as PVM_WRITE_FAILED; our own failures and bugs stay what they are. */
export function writeFailed(path: string, cause: unknown, hint?: string): unknown {
  const code = errorCodeOf(cause);
  if (isPackageVmError(cause) || code === undefined) return cause;
  return new PackageVmError('PVM_WRITE_FAILED', `Could not write \`${path}\`: ${describeSystemError(cause)}`, { cause, hint });
}
