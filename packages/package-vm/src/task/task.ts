import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PackageVmError, errorCodeOf, errorMessageOf, isPackageVmError } from '@package-vm/errors';
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

/** More than any task has; what is no file may never end. */
const STREAM_LIMIT_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const POLL_MS = 20;

/**
 * Reads a task and its bytes, which the program gets unchanged. It may be a pipe too, as in `--task <(make-task)`, whose writer is
 * waited for; one without a writer is refused.
 *
 * @throws PVM_BAD_TASK, PVM_CANCELLED
 */
export async function readTask(path: string, signal?: AbortSignal): Promise<{ readonly task: Task; readonly bytes: Uint8Array }> {
  let bytes;
  try {
    bytes = await readFileOrStream(path, signal);
  } catch (cause) {
    if (isPackageVmError(cause)) throw cause;
    throw unreadable(path, describeSystemError(cause), cause);
  }
  return { task: decodeTask(bytes, path), bytes };
}

async function readFileOrStream(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  // a pipe would be waited for otherwise, in a thread that no signal ends
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (stats.isFile() || stats.isDirectory()) return await file.readFile();
    const bytes = await readStream(file, path, signal);
    if (bytes.length === 0 && stats.isFIFO()) throw unreadable(path, 'it is a pipe that nobody wrote to');
    return bytes;
  } finally {
    await file.close();
  }
}

async function readStream(file: FileHandle, path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    if (signal?.aborted === true) throw new PackageVmError('PVM_CANCELLED', `Reading the task \`${path}\` was stopped on request`);
    const piece = await readPiece(file);
    if (piece?.length === 0) return Buffer.concat(pieces);
    if (piece === undefined) {
      await sleep(POLL_MS);
    } else {
      pieces.push(piece);
      sizeBytes += piece.length;
      if (sizeBytes > STREAM_LIMIT_BYTES) throw unreadable(path, `it has more than ${STREAM_LIMIT_BYTES} bytes`);
    }
  }
}

/** What is there to read: nothing at the end, undefined while the writer has not written yet. */
async function readPiece(file: FileHandle): Promise<Uint8Array | undefined> {
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (errorCodeOf(error) === 'EAGAIN') return undefined;
    throw error;
  }
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

function unreadable(path: string, why: string, cause?: unknown): PackageVmError {
  return new PackageVmError('PVM_BAD_TASK', `Could not read the task \`${path}\`: ${why}`, { cause });
}
