import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { PackageVmError } from '@package-vm/errors';
import { RESULT_NAME, readTaskResult } from './task-result.js';
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

/** The folder is a program's, which may have put a link there. */
async function findFile(folder: string, name: string): Promise<InputFile> {
  const path = name.replace(/^\/workspace\//, '');
  const hostPath = join(folder, path);
  const stat = await lstat(hostPath).catch(() => undefined);
  if (stat === undefined) throw invalid(`The result in \`${folder}\` names the file \`${name}\`, which is not there`);
  const isInside = (await realpath(hostPath)).startsWith(`${await realpath(folder)}${sep}`);
  if (!stat.isFile() || !isInside) throw invalid(`The result in \`${folder}\` names \`${name}\`, which is not a regular file of that folder`);
  return { hostPath, path };
}

function invalid(message: string, hint?: string): PackageVmError {
  return new PackageVmError('PVM_BAD_WORKSPACE', message, { hint });
}
