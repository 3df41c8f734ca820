import type { ExecutorContext } from '@nx/devkit';
import { join } from 'node:path';
import { defaultOutput, projectFolder } from '../project-folder.js';
import { runOperation } from '../run-operation.js';

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
    await buildBundle({
      path: folder,
      program,
      settings,
      outputFolder: join(context.root, outputPath),
      workspaceRoot: context.root,
      onOutput: (text) => process.stderr.write(text),
      signal,
    });
    console.log(`Bundle:${outputPath}`);
    return true;
  });
}

export default cargoBuild;
