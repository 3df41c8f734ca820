import { readFile } from 'node:fs/promises';
import { PackageVmError, errorMessageOf } from '@package-vm/errors';
import { describeSystemError } from '../host-files/system-error.js';
import { isRecord, isStringList } from './task-result.js';

export const TASK_NAME = 'task.json';

/** What a node asks of a program (gevulot-shim src/lib.rs). */
export interface Task {
  readonly id: string;
  readonly args: readonly string[];
  /** Files of the workspace that belong to the task. */
  readonly files: readonly string[];
}

/**
 * Reads a task and its bytes, which the program gets unchanged.
 *
 * @throws PVM_BAD_TASK
 */
export async function readTask(path: string): Promise<{ readonly task: Task; readonly bytes: Uint8Array }> {
  let bytes;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new PackageVmError('PVM_BAD_TASK', `Could not read the task \`${path}\`: ${describeSystemError(cause)}`, { cause });
  }
  return { task: decodeTask(bytes, path), bytes };
}

export function decodeTask(bytes: Uint8Array, path: string): Task {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(path, `is not JSON: ${errorMessageOf(cause)}`, cause);
  }
  if (!isRecord(value)) throw invalid(path, 'is not an object');
  const { id, args, files } = value;
  if (typeof id !== 'string') throw invalid(path, 'has no `id` that is a string');
  if (!isStringList(args)) throw invalid(path, 'has no `args` that is a list of strings');
  if (!isStringList(files)) throw invalid(path, 'has no `files` that is a list of strings');
  return { id, args, files };
}

function invalid(path: string, problem: string, cause?: unknown): PackageVmError {
  return new PackageVmError('PVM_BAD_TASK', `The task \`${path}\` ${problem}`, {
    hint: 'A task looks like `{"id": "1", "args": ["--rounds", "8"], "files": []}`.',
    cause,
  });
}
