import type { ExecutorContext } from '@nx/devkit';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultOutput, projectFolder } from '../project-folder.js';
import { refuseUnhashedFiles } from '../refuse-unhashed-files.js';
import { runOperation } from '../run-operation.js';
import { refuseUnseenLibraries } from './unseen-libraries.js';

/** The options of `@package-vm/nx:cargo-build`; see schema.json. */
export interface CargoBuildOptions {
  readonly program?: string;
  readonly outputPath?: string;
}

/** Builds the project's program with cargo and bundles it with the shared libraries that it needs. */
export function cargoBuild(options: CargoBuildOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { buildBundle, findPackage, readProject } = await import('package-vm');
    const { folder, program } = await findPackage({ path: projectFolder(context), program: options.program, signal });
    const { settings } = readProject({ folder, program, workspaceRoot: context.root });
    const outputPath = options.outputPath ?? join(defaultOutput(context, options.program), 'bundle');
    const { libraries } = await buildBundle({
      path: folder,
      program,
      settings,
      outputFolder: join(context.root, outputPath),
      workspaceRoot: context.root,
      onOutput: (text) => process.stderr.write(text),
      signal,
    });
    refuseUnseenLibraries(libraries, settings.extraLibraries);
    await refuseUnhashedFiles(context.root, settings.inputs.map((path) => join(folder, path)).filter(isFile));
    console.log(`Bundle:${outputPath}`);
    return true;
  });
}

export default cargoBuild;

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
