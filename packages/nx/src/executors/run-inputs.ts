import type { ExecutorContext } from '@nx/devkit';
import type { BootOptions } from 'package-vm';
import { join, resolve } from 'node:path';
import { refuseDamagedImage } from '../after-tasks/refuse-damaged.js';
import { findImage } from './find-image.js';
import { defaultOutput } from './project-folder.js';

/** The options that `run-vm` and `rehearse-vm` have in common; see their schema.json. */
export interface RunTargetOptions {
  readonly program?: string;
  readonly variant?: string;
  readonly image?: string;
  readonly task?: string;
  readonly inputFile?: readonly string[];
  readonly filesFrom?: string | readonly string[];
  readonly workspace?: string;
  readonly timeoutSeconds?: number;
  readonly cpus?: number;
  readonly memoryMiB?: number;
}

type RunInputs = Pick<BootOptions, 'imagePath' | 'task' | 'inputFiles' | 'workspace' | 'timeoutMs' | 'cpus' | 'memoryMiB'>;

/** What a run is told; paths are relative to the Nx workspace. @throws PVM_NO_FILE, PVM_BAD_WORKSPACE */
export async function runInputs(options: RunTargetOptions, context: ExecutorContext): Promise<RunInputs> {
  const { parseInputFile, readResultFiles } = await import('package-vm');
  const inRoot = (path: string): string => resolve(context.root, path);
  const imagePath = findImage(inRoot(options.image ?? join(defaultOutput(context, options), 'image')));
  refuseDamagedImage(context.root, imagePath);
  const resultFiles = await Promise.all([options.filesFrom ?? []].flat().map((path) => readResultFiles(inRoot(path))));
  return {
    imagePath,
    task: options.task === undefined ? undefined : inRoot(options.task),
    inputFiles: [...resultFiles.flat(), ...(options.inputFile ?? []).map((text) => parseInputFile(text, context.root))],
    workspace: options.workspace === undefined ? undefined : inRoot(options.workspace),
    timeoutMs: options.timeoutSeconds === undefined ? undefined : options.timeoutSeconds * 1000,
    cpus: options.cpus,
    memoryMiB: options.memoryMiB,
  };
}
