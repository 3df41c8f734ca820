import { PackageVmError } from '@package-vm/errors';
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * The absolute path of the `Cargo.toml` that a path belongs to: the file itself, or the nearest one in its folder or above.
 *
 * @throws PVM_NO_CARGO_PACKAGE
 */
export function findManifest(path: string): string {
  const start = resolve(path);
  const stats = statSync(start, { throwIfNoEntry: false });
  if (stats === undefined) throw new PackageVmError('PVM_NO_CARGO_PACKAGE', `There is nothing at \`${path}\`, expected a Rust package`);
  if (stats.isFile() && basename(start) === 'Cargo.toml') return start;
  for (let folder = stats.isDirectory() ? start : dirname(start); ; folder = dirname(folder)) {
    const candidate = join(folder, 'Cargo.toml');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) break;
  }
  throw new PackageVmError('PVM_NO_CARGO_PACKAGE', `There is no \`Cargo.toml\` in \`${path}\` or above it`, {
    hint: 'Name the folder of a Rust package, or start one with `cargo init`.',
  });
}
