import type { ExecutorContext } from '@nx/devkit';
import { basename, join, resolve } from 'node:path';
import { refuseDamagedImage } from '../../after-tasks/refuse-damaged.js';
import { describeRun } from '../describe-run.js';
import { findImage } from '../find-image.js';
import { defaultOutput } from '../project-folder.js';
import { runOperation } from '../run-operation.js';

/** The options of `@package-vm/nx:run-vm`; see schema.json. */
export interface RunVmOptions {
  readonly program?: string;
  readonly variant?: string;
  readonly image?: string;
  readonly task?: string;
  readonly inputFile?: readonly string[];
  readonly filesFrom?: string;
  readonly workspace?: string;
  readonly timeoutSeconds?: number;
  readonly cpus?: number;
  readonly memoryMiB?: number;
  readonly accel?: 'auto' | 'kvm' | 'hvf' | 'tcg';
  readonly serialLog?: string;
  readonly qemuArg?: readonly string[];
}

/** Boots the image in QEMU as a Gevulot node does. Nx turns every failure into exit code 1, so the program's own is printed. */
export function runVm(options: RunVmOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { bootImage, commandExitCode, isNoise, readResources, readResultFiles } = await import('package-vm');
    const inRoot = (path: string): string => resolve(context.root, path);
    const optional = (path: string | undefined): string | undefined => (path === undefined ? undefined : inRoot(path));
    const imagePath = findImage(inRoot(options.image ?? join(defaultOutput(context, options), 'image')));
    refuseDamagedImage(context.root, imagePath);
    const resources = readResources(imagePath);
    const resultFiles = options.filesFrom === undefined ? [] : await readResultFiles(inRoot(options.filesFrom));
    const result = await bootImage({
      imagePath,
      task: optional(options.task),
      inputFiles: [...resultFiles, ...(options.inputFile ?? []).map((path) => ({ hostPath: inRoot(path), path: basename(path) }))],
      workspace: optional(options.workspace),
      timeoutMs: options.timeoutSeconds === undefined ? undefined : options.timeoutSeconds * 1000,
      cpus: options.cpus ?? resources.cpus,
      memoryMiB: options.memoryMiB ?? resources.memoryMiB,
      accelerator: options.accel,
      serialLog: optional(options.serialLog),
      qemuArgs: options.qemuArg,
      onOutput: (chunk) => process.stdout.write(chunk),
      onKernelLine: (line) => {
        if (!isNoise(line)) console.error(`kernel: ${line}`);
      },
      signal,
    });
    const exitCode = commandExitCode(result);
    console.error(describeRun(result, exitCode));
    return exitCode === 0;
  });
}

export default runVm;
