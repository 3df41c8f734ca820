import { type ExecutorContext } from '@nx/devkit';
import { PackageVmError } from '@package-vm/errors';
import { outputFolder, readCrateGraph } from 'package-vm/light';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../plugin/workspace-path.js';

/** The absolute folder of the project that an Nx task is of. @throws PVM_NO_CARGO_PACKAGE */
export function projectFolder({ root, projectName, projectsConfigurations }: ExecutorContext): string {
  const project = projectName === undefined ? undefined : projectsConfigurations.projects[projectName];
  const folder = join(root, project?.root ?? '.');
  if (existsSync(join(folder, 'Cargo.toml'))) return folder;
  throw new PackageVmError('PVM_NO_CARGO_PACKAGE', `There is no Cargo.toml in \`${folder}\`, the folder of the project \`${projectName ?? ''}\``);
}

/** Where a program's outputs go unless an option says: as the plugin infers it, relative to the Nx workspace. */
export function defaultOutput(context: ExecutorContext, { program, variant }: { readonly program?: string; readonly variant?: string }): string {
  const folder = projectFolder(context);
  const name = program ?? readCrateGraph([join(folder, 'Cargo.toml')]).crates.get(folder)?.name ?? '';
  return outputFolder({ projectRoot: fromRoot(context.root, folder), program: name, variant });
}
