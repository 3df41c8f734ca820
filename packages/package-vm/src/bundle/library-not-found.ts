import { PackageVmError } from '@package-vm/errors';
import { type MissingLibrary } from './loader-search.js';

/** All libraries that a program needs and that are nowhere. */
export function librariesNotFound(missing: readonly MissingLibrary[], sysroot: string | undefined): PackageVmError {
  const [only] = missing;
  const message =
    only !== undefined && missing.length === 1
      ? `Could not find the shared library ${describe(only)}`
      : `Could not find ${missing.length} shared libraries:\n${missing.map((library) => `  ${describe(library)}`).join('\n')}`;
  const where = sysroot === undefined ? 'Install the package that has it' : `Put it into the sysroot \`${sysroot}\``;
  return new PackageVmError('PVM_LIBRARY_NOT_FOUND', message, { hint: `${where}, or name its file in \`extraLibraries\`.`, data: { missing } });
}

function describe({ library, neededBy, searched }: MissingLibrary): string {
  const where = searched.length === 0 ? 'which is no path that can be followed' : `looked for in ${list(searched)}`;
  return `\`${library}\`, needed by ${list(neededBy)}, ${where}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
