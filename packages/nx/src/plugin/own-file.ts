import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The absolute path of a file of this package, given from the package's folder; where the calling code lies, the build decides. */
export function ownFile(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('@package-vm/nx/package.json')), path);
}
