import { PackageVmError } from '@package-vm/errors';
import { posix } from 'node:path';
import { isOutside } from '../plugin/workspace-path.js';

/**
 * The folder that a user named, relative to the Nx workspace; `.` is the workspace itself. Nx would write outside it too.
 *
 * @throws PVM_BAD_USAGE
 */
export function resolveFolder(directory: string): string {
  const folder = posix.normalize(directory.replaceAll('\\', '/')).replace(/(?<=.)\/$/, '');
  if (isOutside(folder)) {
    throw new PackageVmError('PVM_BAD_USAGE', `\`${directory}\` is no folder of the Nx workspace`, { hint: 'Name one such as `crates/my-prover`.' });
  }
  return folder;
}
