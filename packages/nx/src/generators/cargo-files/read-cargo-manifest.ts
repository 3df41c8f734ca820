import type { Tree } from '@nx/devkit';
import { PackageVmError } from '@package-vm/errors';
import { TomlError, parse } from 'smol-toml';

/** What the generators look for in a `Cargo.toml`. */
export interface CargoManifest {
  readonly package?: { readonly name?: unknown };
  readonly bin?: readonly { readonly name?: unknown }[];
  readonly workspace?: { readonly members?: readonly string[]; readonly exclude?: readonly string[] };
}

/**
 * The `Cargo.toml` at a path; undefined when there is none.
 *
 * @throws PVM_BAD_CARGO_MANIFEST when it is no TOML
 */
export function readCargoManifest(tree: Tree, path: string): CargoManifest | undefined {
  const text = tree.read(path, 'utf8');
  if (text === null) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new PackageVmError('PVM_BAD_CARGO_MANIFEST', `\`${path}\` is no TOML: ${error.message}`, { cause: error });
  }
}
