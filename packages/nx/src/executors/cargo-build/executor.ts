import type { ExecutorContext } from '@nx/devkit';
import { join, resolve } from 'node:path';
import { showEmptyInputs } from '../empty-folders.js';
import { defaultOutput, projectFolder } from '../project-folder.js';
import { runOperation } from '../run-operation.js';
import { targetInputs } from '../target-inputs.js';
import { WholeLines } from '../whole-lines.js';
import { showOwnFolders } from './own-folders.js';
import { refuseUnseenSources } from './refuse-unseen-sources.js';
import { refuseUnseenLibraries } from './unseen-libraries.js';
import { unwatchedInputs } from './unwatched-inputs.js';

/** The options of `@package-vm/nx:cargo-build`; see schema.json. */
export interface CargoBuildOptions {
  readonly program?: string;
  readonly variant?: string;
  readonly outputPath?: string;
}

/** Builds the project's program with cargo and bundles it with the shared libraries that it needs. */
export function cargoBuild(options: CargoBuildOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { buildBundle, findPackage, readProject } = await import('package-vm');
    const { folder, program } = await findPackage({ path: projectFolder(context), program: options.program, signal });
    const { settings } = await readProject({ folder, program, variant: options.variant, workspaceRoot: context.root });
    showEmptyInputs(context.root, settings.inputs.map((path) => resolve(folder, path)));
    const outputPath = options.outputPath ?? join(defaultOutput(context, options), 'bundle');
    const output = new WholeLines((text) => process.stderr.write(text));
    const { libraries, program: built } = await buildBundle({
      path: folder,
      program,
      settings,
      outputFolder: join(context.root, outputPath),
      workspaceRoot: context.root,
      unwatched: await unwatchedInputs(context),
      onOutput: (text) => {
        output.add(text);
      },
      onProgress: (message) => {
        // Nx replays what is printed in other clones
        console.error(message.replaceAll(`${context.root}/`, ''));
      },
      onSources: (sources) => refuseUnseenSources(sources, settings, folder, context),
      signal,
    }).finally(() => {
      output.end();
    });
    refuseUnseenLibraries(libraries, { extraLibraries: settings.extraLibraries, targets: targetInputs(context).targets });
    showOwnFolders(built.hostPath, [folder]);
    console.log(`Bundle:${outputPath}`);
    return true;
  });
}

export default cargoBuild;
