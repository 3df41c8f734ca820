import type { ExecutorContext } from '@nx/devkit';
import { basename, join, resolve } from 'node:path';
import { refuseDamagedImage } from '../../after-tasks/refuse-damaged.js';
import { describeRun } from '../describe-run.js';
import { findImage } from '../find-image.js';
import { defaultOutput } from '../project-folder.js';
import { runOperation } from '../run-operation.js';

/** The options of `@package-vm/nx:rehearse-vm`; see schema.json. */
export interface RehearseVmOptions {
  readonly program?: string;
  readonly variant?: string;
  readonly image?: string;
  readonly task?: string;
  readonly inputFile?: readonly string[];
  readonly workspace?: string;
  readonly timeoutSeconds?: number;
  readonly isolation?: 'namespaces' | 'weak';
}

/** Runs the program out of its image on this machine's Linux. Nx turns every failure into exit code 1, so the program's own is printed. */
export function rehearseVm(options: RehearseVmOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { commandExitCode, readResources, rehearse } = await import('package-vm');
    const inRoot = (path: string): string => resolve(context.root, path);
    const imagePath = findImage(inRoot(options.image ?? join(defaultOutput(context, options), 'image')));
    refuseDamagedImage(context.root, imagePath);
    const result = await rehearse({
      imagePath,
      ...readResources(imagePath),
      task: options.task === undefined ? undefined : inRoot(options.task),
      inputFiles: options.inputFile?.map((path) => ({ hostPath: inRoot(path), path: basename(path) })),
      workspace: options.workspace === undefined ? undefined : inRoot(options.workspace),
      timeoutMs: options.timeoutSeconds === undefined ? undefined : options.timeoutSeconds * 1000,
      isolation: options.isolation,
      onOutput: (chunk, stream) => process[stream].write(chunk),
      signal,
    });
    const exitCode = commandExitCode(result);
    console.error(describeRun(result, exitCode));
    return exitCode === 0;
  });
}

export default rehearseVm;
