import { PackageVmError } from '@package-vm/errors';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The image at a path, or in the folder of that path. @throws PVM_NO_FILE */
export function findImage(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return path;
  const [image] = readdirSync(path).filter((name) => name.endsWith('.img'));
  if (image !== undefined) return join(path, image);
  throw new PackageVmError('PVM_NO_FILE', `There is no image in \`${path}\``, { hint: 'Package it first, with the target `package-vm`.' });
}
