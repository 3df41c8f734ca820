import type { ExecutorContext } from '@nx/devkit';
import { join } from 'node:path';
import type { ProgramSettings, SourcesRead } from 'package-vm';
import { fromRoot, isOutside } from '../../plugin/workspace-path.js';
import { knownToNx } from '../refuse-unhashed-files.js';
import { targetInputs } from '../target-inputs.js';

/**
 * Refuses a build that read what its Nx task's key does not hold: files that no input names, files that git ignores so that Nx
 * passes them over, variables.
 *
 * @throws PVM_UNDECLARED_INPUT with the line to add
 */
export async function refuseUnseenSources(sources: SourcesRead, settings: ProgramSettings, crateFolder: string, context: ExecutorContext): Promise<void> {
  const { root } = context;
  // what is not cached has no key
  if (context.target?.cache !== true) return;
  const { refuseUndeclared, undeclaredInputs } = await import('package-vm');
  const { filesets, variables: environment, commands, holds } = targetInputs(context);
  const known = await knownToNx(root, sources.files.filter((path) => !holds(path)).map((path) => fromRoot(root, path)).filter((path) => !isOutside(path)));
  const declared = { filesets, isHashed: (path: string) => known.has(fromRoot(root, path)), holds, environment, commands };
  const found = undeclaredInputs({ sources, declared, workspaceRoot: root, crateFolder, nestedProjects: projectsBelow(crateFolder, context) });
  refuseUndeclared(found, writtenInputs(settings));
}

function projectsBelow(folder: string, { root, projectsConfigurations }: ExecutorContext): readonly string[] {
  const roots = Object.values(projectsConfigurations.projects).map((project) => project.root);
  return roots.filter((path) => join(root, path) !== folder && !isOutside(fromRoot(folder, join(root, path))));
}

function writtenInputs({ inputs, inputVariables, inputCommands, inputTasks }: ProgramSettings): readonly unknown[] {
  return [
    ...inputs,
    ...inputVariables.map((env) => ({ env })),
    ...inputCommands.map((runtime) => ({ runtime })),
    ...inputTasks.map(({ task, files }) => (files === undefined ? { task } : { task, files })),
  ];
}
