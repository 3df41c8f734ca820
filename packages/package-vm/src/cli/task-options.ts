import { PackageVmError } from '@package-vm/errors';
import { type Command } from 'commander';
import { resolve } from 'node:path';
import { readResultFiles } from '../task/result-files.js';
import { type InputFile, parseInputFile } from '../task/workspace.js';
import { type Terminal } from './terminal.js';
import { parseDurationMs, parseMemoryMiB } from './units.js';

export interface TaskFlags {
  readonly task?: string;
  readonly file?: readonly string[];
  readonly filesFrom?: readonly string[];
  readonly workspace?: string;
  readonly timeout?: string;
  readonly cpus?: string;
  readonly memory?: string;
}

/** Adds what `rehearse` and `run` have in common: a task, its files and the limits. */
export function addTaskOptions(command: Command): Command {
  return command
    .argument('<image>')
    .option('--task <file>', 'the task.json to run on')
    .option('--file <[name=]file...>', 'copy files into the workspace, under their own name or another')
    .option('--files-from <workspace...>', "copy the files that another run's result names, e.g. a prover's")
    .option('--workspace <folder>', 'the folder the program sees at /workspace (default: a temporary one)')
    .option('--timeout <duration>', 'stop the program after this time, e.g. 90s or 30m (default: 30m, as a node does)')
    .option('--cpus <count>', 'processors (default: the settings, then 2)')
    .option('--memory <size>', 'memory, e.g. 2048M or 4G (default: the settings, then 2048M)');
}

export interface TaskOptions {
  readonly imagePath: string;
  readonly task: string | undefined;
  readonly inputFiles: readonly InputFile[];
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
}

/** What the flags say. @throws PVM_BAD_USAGE, PVM_BAD_WORKSPACE */
export async function taskOptions(image: string, flags: TaskFlags, { cwd }: Terminal): Promise<TaskOptions> {
  const at = (path: string): string => resolve(cwd, path);
  const imagePath = at(image);
  const files = (flags.file ?? []).map((text) => parseInputFile(text, cwd));
  const resultFiles = await Promise.all((flags.filesFrom ?? []).map((path) => readResultFiles(at(path))));
  return {
    imagePath,
    task: flags.task === undefined ? undefined : at(notEmpty('--task', flags.task)),
    inputFiles: [...resultFiles.flat(), ...files],
    workspace: flags.workspace === undefined ? undefined : at(notEmpty('--workspace', flags.workspace)),
    timeoutMs: flags.timeout === undefined ? undefined : parseDurationMs(flags.timeout),
    cpus: flags.cpus === undefined ? undefined : parseCount('--cpus', flags.cpus),
    memoryMiB: flags.memory === undefined ? undefined : parseMemoryMiB(flags.memory),
  };
}

/** An empty path, as of a variable that is not set, would be the working folder. @throws PVM_BAD_USAGE */
function notEmpty(option: string, path: string): string {
  if (path !== '') return path;
  throw new PackageVmError('PVM_BAD_USAGE', `\`${option}\` is empty, expected a path`);
}

/** @throws PVM_BAD_USAGE */
export function parseCount(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new PackageVmError('PVM_BAD_USAGE', `\`${option}\` is \`${text}\`, expected a whole number from 1`);
}

/** @throws PVM_BAD_USAGE */
export function parsePort(option: string, text: string): number {
  const port = parseCount(option, text);
  if (port <= 65_535) return port;
  throw new PackageVmError('PVM_BAD_USAGE', `\`${option}\` is \`${text}\`, expected a port from 1 to 65535`);
}
