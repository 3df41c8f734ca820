import { type GeneratorCallback, type Tree, formatFiles, generateFiles, logger, visitNotIgnoredFiles } from '@nx/devkit';
import { PackageVmError } from '@package-vm/errors';
import { posix } from 'node:path';
import { findSameName } from '../cargo-files/find-same-name.js';
import { cargoWorkspaceAbove } from '../cargo-files/find-workspace.js';
import { addLockedPackage, newLockFile } from '../cargo-files/lock-file.js';
import { requirePackageName } from '../cargo-files/package-name.js';
import { resolveFolder } from '../resolve-folder.js';
import { withDescribedErrors } from '../with-described-errors.js';
import { ignoreFolder, initGenerator } from '../init/generator.js';
import { ownFile } from '../../plugin/own-file.js';

/** The options of `nx g @package-vm/nx:prover`; see schema.json. */
export interface ProverOptions {
  readonly directory: string;
  readonly name?: string;
  readonly skipFormat?: boolean;
}

/**
 * Creates a crate with a program that speaks the file protocol, and its manifest; makes it a member of the cargo workspace
 * around it, in the lock file too. Leaves a crate that is there as it is.
 *
 * @throws PVM_BAD_USAGE, PVM_BAD_CARGO_MANIFEST
 */
export async function proverGenerator(tree: Tree, options: ProverOptions): Promise<GeneratorCallback> {
  const folder = resolveFolder(options.directory);
  if (folder === '.') throw new PackageVmError('PVM_BAD_USAGE', `\`${options.directory}\` is the Nx workspace itself, expected a folder below it`, { hint: 'Name one such as `crates/my-prover`.' });
  const name = options.name ?? posix.basename(folder);
  const isThere = tree.exists(posix.join(folder, 'Cargo.toml'));
  if (!isThere) requireFreeName(tree, folder, name);
  const install = await initGenerator(tree, { skipFormat: true });
  if (isThere) {
    logger.info(`\`${folder}\` has a Cargo.toml already; \`nx g @package-vm/nx:manifest ${folder}\` adds a manifest.`);
    return install;
  }
  const { manifestTemplate } = await import('package-vm');
  generateFiles(tree, ownFile('src/generators/prover/files'), folder, { name, tmpl: '' });
  tree.write(posix.join(folder, 'vm.json'), manifestTemplate({ program: name }));
  await addToWorkspace(tree, folder, name);
  if (options.skipFormat !== true) await formatFiles(tree);
  return install;
}

export default withDescribedErrors(proverGenerator);

/** cargo would build no crate of the workspace with a name that it refuses, or that two packages have. */
function requireFreeName(tree: Tree, folder: string, name: string): void {
  requirePackageName(name);
  const other = findSameName(tree, cargoWorkspaceAbove(tree, folder) ?? '.', name);
  if (other === undefined) return;
  throw new PackageVmError('PVM_BAD_USAGE', `The cargo workspace has a package \`${name}\` already, in \`${other}\``, { hint: 'Give another with `--name`.' });
}

async function addToWorkspace(tree: Tree, folder: string, name: string): Promise<void> {
  const { addWorkspaceMember } = await import('../cargo-files/workspace-members.js');
  const above = cargoWorkspaceAbove(tree, folder);
  const root = above ?? '.';
  const manifest = posix.join(root, 'Cargo.toml');
  const lock = posix.join(root, 'Cargo.lock');
  const text = tree.read(manifest, 'utf8');
  const base = above === undefined ? newWorkspace(text, otherCrates(tree, folder)) : (text ?? '');
  tree.write(manifest, addWorkspaceMember(base, posix.relative(root, folder), manifest));
  ignoreFolder(tree, 'target');

  const locked = tree.read(lock, 'utf8');
  if (locked !== null) tree.write(lock, addLockedPackage(locked, name));
  else if (text === null) tree.write(lock, newLockFile(name));
  else logger.warn(`There is no ${lock}, and builds use --locked: make it with \`cargo generate-lockfile\` and commit it.`);
}

/** A cargo workspace around everything claims the crates that stand by themselves: they are left out, as they were. */
function newWorkspace(text: string | null, others: readonly string[]): string {
  const exclude = others.length === 0 ? '' : `exclude = ${JSON.stringify(others).replaceAll(',', ', ')}\n`;
  const package_ = text === null ? '' : `${text.trimEnd()}\n\n`;
  return `${package_}[workspace]\nresolver = "2"\n${exclude}`;
}

function otherCrates(tree: Tree, folder: string): readonly string[] {
  const folders: string[] = [];
  visitNotIgnoredFiles(tree, '.', (path) => {
    if (posix.basename(path) === 'Cargo.toml') folders.push(posix.dirname(path));
  });
  return folders.filter((other) => other !== folder && other !== '.').sort();
}
