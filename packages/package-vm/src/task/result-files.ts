import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { PackageVmError } from '@package-vm/errors';
import { RESULT_NAME, type TaskResult, readTaskResult } from './task-result.js';
import { type Task } from './task.js';
import { type InputFile } from './workspace.js';

/**
 * The files that a successful result names, e.g. a prover's for its verifier: in the workspace where it wrote them, under their
 * names there. The folder may be given by the path of its `task_result.json` too.
 *
 * @throws PVM_BAD_WORKSPACE when there is no `Ok` result, or a file is missing, leads out of the folder or is no regular file
 */
export async function readResultFiles(path: string): Promise<readonly InputFile[]> {
  const folder = basename(path) === RESULT_NAME ? dirname(path) : path;
  const result = await readTaskResult(folder);
  if (result === undefined) throw invalid(`There is no \`${RESULT_NAME}\` in \`${folder}\``, 'Run the other program with `--workspace` first, which keeps its files.');
  if (result.kind === 'error') throw invalid(`The result in \`${folder}\` is \`Err\`: ${result.message}`);
  if (result.kind === 'invalid') throw invalid(`The result in \`${folder}\` cannot be read: ${result.problem}`);
  return Promise.all(result.files.map((name) => findFile(folder, name)));
}

async function findFile(folder: string, name: string): Promise<InputFile> {
  const problem = await problemOf(folder, name);
  if (problem !== undefined) throw invalid(`The result in \`${folder}\` names ${problem}`);
  return { hostPath: join(folder, inside(name)), path: inside(name) };
}

/** The folder is a program's, which may have put a link there. */
async function problemOf(folder: string, name: string): Promise<string | undefined> {
  const hostPath = join(folder, inside(name));
  const stat = await lstat(hostPath).catch(() => undefined);
  if (stat === undefined) return `the file \`${name}\`, which is not there`;
  const isInside = (await realpath(hostPath)).startsWith(`${await realpath(folder)}${sep}`);
  return stat.isFile() && isInside ? undefined : `\`${name}\`, which is not a regular file of that folder`;
}

function inside(name: string): string {
  return name.replace(/^\/workspace\//, '');
}

const FILES_MAX = 100;

/** Sentences on what a node, or the next program, would miss in a successful result. */
export async function resultNotes(folder: string, result: TaskResult | undefined, task: Task | undefined): Promise<readonly string[]> {
  if (result?.kind !== 'ok') return [];
  const problems = await Promise.all(result.files.slice(0, FILES_MAX).map((name) => problemOf(folder, name)));
  return [
    ...(task === undefined || task.id === result.id ? [] : [`The result has the id \`${result.id}\`, the task has \`${task.id}\`: a node would not know what it belongs to.`]),
    ...problems.filter((problem) => problem !== undefined).map((problem) => `The result names ${problem.replace('of that folder', 'of the workspace')}.`),
  ];
}

function invalid(message: string, hint?: string): PackageVmError {
  return new PackageVmError('PVM_BAD_WORKSPACE', message, { hint });
}
