import { type Stats, constants } from 'node:fs';
import { access, chmod, copyFile, lstat, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PackageVmError, errorCodeOf, isPackageVmError } from '@package-vm/errors';
import { makeFolder } from '../host-files/make-folder.js';
import { describeSystemError } from '../host-files/system-error.js';
import { type FolderState, readFolderState } from './output-files.js';
import { RESULT_NAME } from './task-result.js';
import { makeScratchFolder, removeScratchFolder, writingScratch } from './scratch-folder.js';
import { TASK_NAME, type Task, readTask } from './task.js';
import { lockWorkspace } from './workspace-lock.js';

/** A file of this machine and where the program finds it. */
export interface InputFile {
  readonly hostPath: string;
  /** Relative to the workspace, e.g. `proof.bin` or `inputs/proof.bin`. */
  readonly path: string;
}

/** `proof.bin`, or `name-in-the-workspace=proof.bin`; relative to the folder `from`. */
export function parseInputFile(text: string, from: string): InputFile {
  const equals = text.indexOf('=');
  const hostPath = resolve(from, text.slice(equals + 1));
  return { hostPath, path: equals === -1 ? basename(hostPath) : text.slice(0, equals) };
}

export interface WorkspaceOptions {
  /** A folder that stays; default: a fresh temporary one, removed by `dispose`. Made when missing. */
  readonly folder?: string | undefined;
  /** Path of a task; without one, no `task.json` is written. */
  readonly task?: string | undefined;
  readonly inputFiles?: readonly InputFile[] | undefined;
  /** Ends the waiting for a task that comes through a pipe. */
  readonly signal?: AbortSignal | undefined;
}

/** The folder that a program sees at `/workspace`, ready for a run. */
export interface Workspace {
  /** Absolute, without links. */
  readonly folder: string;
  readonly isTemporary: boolean;
  readonly task: Task | undefined;
  /** What was there before the run, for `readOutputFiles`. */
  readonly before: FolderState;
  readonly notes: readonly string[];
  /** Removes a temporary folder; a given one stays, and may be another run's. */
  dispose(): Promise<void>;
}

/**
 * Prepares a workspace: input files and the task are copied in (mode 0644: Nanos opens read-write), an old `task_result.json` is
 * moved aside to the first free `task_result.N.json`.
 *
 * @throws PVM_BAD_TASK, PVM_BAD_WORKSPACE, PVM_CANCELLED; PVM_WRITE_FAILED when there is no room for a temporary one
 */
export async function prepareWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const inputs = (options.inputFiles ?? []).map((file) => ({ ...file, path: checkedPath(file.path) }));
  refuseTwice(inputs);
  const read = options.task === undefined ? undefined : await readTask(options.task, options.signal);
  const isTemporary = options.folder === undefined;
  const folder = options.folder === undefined ? await makeScratchFolder('package-vm-workspace-') : await openFolder(options.folder);
  const dispose = isTemporary ? () => removeScratchFolder(folder) : await lockWorkspace(folder);
  const fill = (): Promise<string[]> => fillFolder(folder, { inputs, task: read?.bytes });
  try {
    const notes = await (isTemporary ? writingScratch(folder, fill) : fill());
    const before = await readFolderState(folder);
    const missing = (read?.task.files ?? []).filter((name) => !before.has(name.replace(/^\/workspace\//, '')));
    return {
      folder, isTemporary, task: read?.task, before, dispose,
      notes: [...notes, ...missing.map((name) => `The task names the file \`${name}\`, which is not in the workspace.`)],
    };
  } catch (error) {
    await dispose();
    throw unprepared(folder, error);
  }
}

async function fillFolder(folder: string, { inputs, task }: { readonly inputs: readonly InputFile[]; readonly task: Uint8Array | undefined }): Promise<string[]> {
  const notes = await moveOldResult(folder);
  for (const { hostPath, path } of inputs) await copyIn(folder, hostPath, path);
  if (task !== undefined) {
    await makeRoom(folder, TASK_NAME);
    await writeFile(join(folder, TASK_NAME), task, { flag: 'wx', mode: 0o644 });
    await chmod(join(folder, TASK_NAME), 0o644);
  }
  return notes;
}

/** What the system refused, with the place in the folder. */
function unprepared(folder: string, cause: unknown): unknown {
  if (isPackageVmError(cause) || errorCodeOf(cause) === undefined) return cause;
  const { path = folder, dest = path } = cause as NodeJS.ErrnoException & { readonly dest?: string };
  return invalid(`The workspace \`${folder}\` could not be prepared, at \`${dest}\`: ${describeSystemError(cause)}`, undefined, cause);
}

/** Relative, inside the workspace, none of the two files of the protocol. */
function checkedPath(path: string): string {
  const inside = path.replace(/^\/workspace\//, '');
  const parts = inside.split('/');
  if (inside.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw invalid(`The input file \`${path}\` does not name a place inside the workspace`, 'Give a relative path without `..`, e.g. `inputs/proof.bin`.');
  }
  if (inside === TASK_NAME || inside === RESULT_NAME) {
    throw invalid(`An input file cannot be \`${path}\`, which belongs to the file protocol`, inside === TASK_NAME ? 'Give a task with `--task`.' : 'Give it another name, e.g. `--file other=proof.bin`.');
  }
  return inside;
}

function refuseTwice(inputs: readonly InputFile[]): void {
  const seen = new Map<string, string>();
  for (const { path, hostPath } of inputs) {
    const first = seen.get(path);
    if (first !== undefined) throw invalid(`Both \`${first}\` and \`${hostPath}\` would be \`${path}\` in the workspace`, 'Give one of them another name, e.g. `--file other=proof.bin`.');
    seen.set(path, hostPath);
  }
}

async function openFolder(path: string): Promise<string> {
  try {
    await makeFolder(path);
    const folder = await realpath(path);
    await access(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch (cause) {
    throw invalid(`The workspace \`${path}\` is not a folder that can be written to: ${describeSystemError(cause)}`, 'Name another with `--workspace`, or leave it out for a temporary one.', cause);
  }
}

async function moveOldResult(folder: string): Promise<string[]> {
  if ((await kindOf(join(folder, RESULT_NAME))) === undefined) return [];
  let number = 1;
  while ((await kindOf(join(folder, `task_result.${String(number)}.json`))) !== undefined) number += 1;
  const name = `task_result.${String(number)}.json`;
  await rename(join(folder, RESULT_NAME), join(folder, name));
  return [`An older \`${RESULT_NAME}\` was moved to \`${name}\`.`];
}

async function copyIn(folder: string, hostPath: string, path: string): Promise<void> {
  const source = await statReadable(hostPath).catch((cause: unknown) => {
    throw invalid(`Could not read the input file \`${hostPath}\`: ${describeSystemError(cause)}`, undefined, cause);
  });
  if (!source.isFile()) throw invalid(`The input file \`${hostPath}\` is not a regular file`);
  const target = join(folder, path);
  if ((await realpath(target).catch(() => undefined)) === (await realpath(hostPath))) return;
  await makeRoom(folder, path);
  await copyFile(hostPath, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(target, 0o644);
}

async function statReadable(path: string): Promise<Stats> {
  await access(path, constants.R_OK);
  return stat(path);
}

/** Makes the folders above a file and removes what is in its place, never through a link: the folder may hold what a program left. */
async function makeRoom(folder: string, path: string): Promise<void> {
  const above = dirname(path) === '.' ? [] : dirname(path).split('/');
  let current = folder;
  for (const part of above) {
    current = join(current, part);
    const kind = await kindOf(current);
    if (kind === undefined) await mkdir(current);
    else if (kind !== 'folder') throw invalid(`\`${path}\` cannot be put into the workspace: \`${current}\` is not a folder`);
  }
  if ((await kindOf(join(folder, path))) === 'folder') throw invalid(`\`${path}\` is a folder in the workspace, expected a file`);
  await rm(join(folder, path), { force: true });
}

async function kindOf(path: string): Promise<'folder' | 'other' | undefined> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function invalid(message: string, hint?: string, cause?: unknown): PackageVmError {
  return new PackageVmError('PVM_BAD_WORKSPACE', message, { hint, cause });
}
