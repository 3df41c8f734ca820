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
  const { filesets, digested, variables, commands, holds } = targetInputs(context);
  const open = sources.files.filter((path) => !holds(path));
  const known = await knownToNx(root, open.map((path) => fromRoot(root, path)).filter((path) => !isOutside(path)));
  const isKnown = (path: string): boolean => known.has(fromRoot(root, path));
  const options = { workspaceRoot: root, crateFolder, nestedProjects: projectsBelow(crateFolder, context) };
  const found = undeclaredInputs({ ...options, sources: { ...sources, files: open.filter(isKnown) }, declared: { filesets, digested, environment: variables, commands } });
  // Nx hashes none of these, whatever the filesets say
  const unknown = undeclaredInputs({ ...options, sources: { files: open.filter((path) => !isKnown(path)), environment: [] }, declared: { filesets: [], digested, commands } });
  refuseUndeclared([...found, ...unknown], writtenInputs(settings));
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
