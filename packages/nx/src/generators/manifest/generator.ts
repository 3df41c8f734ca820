import { type GeneratorCallback, type Tree, formatFiles, logger } from '@nx/devkit';
import { PackageVmError } from '@package-vm/errors';
import { posix } from 'node:path';
import { resolveFolder } from '../resolve-folder.js';
import { withDescribedErrors } from '../with-described-errors.js';
import { type CargoManifest, readCargoManifest } from '../cargo-files/read-cargo-manifest.js';
import { initGenerator } from '../init/generator.js';

/** The options of `nx g @package-vm/nx:manifest`; see schema.json. */
export interface ManifestOptions {
  readonly directory: string;
  readonly program?: string;
  readonly skipFormat?: boolean;
}

/**
 * Creates `vm.json`, or `<program>.vm.json` for one of several programs. Leaves a manifest that is there as it is.
 *
 * @throws PVM_NO_CARGO_PACKAGE, PVM_BAD_CARGO_MANIFEST, PVM_BAD_USAGE
 */
export async function manifestGenerator(tree: Tree, { directory, program, skipFormat }: ManifestOptions): Promise<GeneratorCallback> {
  const folder = resolveFolder(directory);
  if (program !== undefined) requireFileName(program);
  const [name, ...others] = programNames(readCargoManifest(tree, posix.join(folder, 'Cargo.toml')));
  if (name === undefined) {
    throw new PackageVmError('PVM_NO_CARGO_PACKAGE', `There is no Cargo.toml with a package in \`${directory}\``, {
      hint: 'Name the folder of a crate, or create one with `nx g @package-vm/nx:prover`.',
    });
  }
  const install = await initGenerator(tree, { skipFormat: true });
  const isOneOfSeveral = program !== undefined && (others.length > 0 || program !== name);
  const path = posix.join(folder, isOneOfSeveral ? `${program}.vm.json` : 'vm.json');
  if (tree.exists(path)) logger.info(`\`${path}\` is there already.`);
  else {
    const { manifestTemplate } = await import('package-vm');
    tree.write(path, manifestTemplate({ program: program ?? name }));
  }
  if (skipFormat !== true) await formatFiles(tree);
  return install;
}

export default withDescribedErrors(manifestGenerator);

/** The manifest's name starts with the program's: it may not lead to another folder. */
function requireFileName(program: string): void {
  if (!/^$|[\\/]/.test(program)) return;
  throw new PackageVmError('PVM_BAD_USAGE', `\`${program}\` is no name of a program`, { hint: 'Give one that `cargo build --bin` knows.' });
}

/** The programs that a `Cargo.toml` names; the package's own name where it names none. */
function programNames(manifest: CargoManifest | undefined): readonly string[] {
  if (typeof manifest?.package?.name !== 'string') return [];
  const bins = Array.isArray(manifest.bin) ? manifest.bin.flatMap(({ name }: { name?: unknown }) => (typeof name === 'string' ? [name] : [])) : [];
  return bins.length > 0 ? bins : [manifest.package.name];
}
