import { type GeneratorCallback, type Tree, formatFiles, logger } from '@nx/devkit';
import { PackageVmError } from '@package-vm/errors';
import { posix } from 'node:path';
import { withDescribedErrors } from '../with-described-errors.js';
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
 * @throws PVM_NO_CARGO_PACKAGE
 */
export async function manifestGenerator(tree: Tree, { directory, program, skipFormat }: ManifestOptions): Promise<GeneratorCallback> {
  const folder = posix.normalize(directory.replaceAll('\\', '/')).replace(/\/$/, '');
  const text = tree.read(posix.join(folder, 'Cargo.toml'), 'utf8');
  const [name, ...others] = text === null ? [] : await programNames(text);
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

/** The programs that a `Cargo.toml` names; the package's own name where it names none. */
async function programNames(text: string): Promise<readonly string[]> {
  const { parse } = await import('smol-toml');
  const { package: details, bin } = parse(text) as { package?: { name?: unknown }; bin?: readonly { name?: unknown }[] };
  if (typeof details?.name !== 'string') return [];
  const bins = Array.isArray(bin) ? bin.flatMap(({ name }: { name?: unknown }) => (typeof name === 'string' ? [name] : [])) : [];
  return bins.length > 0 ? bins : [details.name];
}
