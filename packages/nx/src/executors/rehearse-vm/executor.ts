import type { ExecutorContext } from '@nx/devkit';
import { PackageVmError } from '@package-vm/errors';
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { RunResult, TaskResult } from 'package-vm';
import { defaultOutput } from '../project-folder.js';
import { runOperation } from '../run-operation.js';

/** The options of `@package-vm/nx:rehearse-vm`; see schema.json. */
export interface RehearseVmOptions {
  readonly program?: string;
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
    const { commandExitCode, rehearse } = await import('package-vm');
    const inRoot = (path: string): string => resolve(context.root, path);
    const result = await rehearse({
      imagePath: findImage(inRoot(options.image ?? join(defaultOutput(context, options.program), 'image'))),
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

function describeRun({ explanation, hint, notes, taskResult, outputFiles, workspace }: RunResult, exitCode: number): string {
  return [
    ...notes.map((note) => `Note: ${note}`),
    ...outputFiles.map(({ path, sizeBytes }) => `Output file:${path} (${sizeBytes} bytes)`),
    ...(taskResult === undefined ? [] : [describeResult(taskResult)]),
    ...(workspace === undefined ? [] : [`Workspace:${workspace}`]),
    explanation,
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
    `Exit code:${exitCode}`,
  ].join('\n');
}

function describeResult(result: TaskResult): string {
  switch (result.kind) {
    case 'ok':
      return `Result:Ok, ${result.data.length} bytes of data${result.files.map((file) => `, file ${file}`).join('')}`;
    case 'error':
      return `Result:Err, ${result.message}`;
    case 'invalid':
      return `Result:none that a node can read: ${result.problem}`;
  }
}

/** @throws PVM_NO_FILE */
function findImage(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return path;
  const [image] = readdirSync(path).filter((name) => name.endsWith('.img'));
  if (image !== undefined) return join(path, image);
  throw new PackageVmError('PVM_NO_FILE', `There is no image in \`${path}\``, { hint: 'Package it first, with the target `package-vm`.' });
}
