import { PackageVmError } from '@package-vm/errors';
import { type InputFile } from './workspace.js';

/** What every run of an image is told, a rehearsal and a boot alike. */
export interface RunOptions {
  readonly imagePath: string;
  /** Path of a `task.json`; without one the program runs with the workspace as it is. */
  readonly task?: string | undefined;
  readonly inputFiles?: readonly InputFile[] | undefined;
  /** The folder that the program sees at `/workspace`; default: a temporary one, removed afterwards. */
  readonly workspace?: string | undefined;
  /** Default: the settings', as the image's result file has them, then 2, a node's. */
  readonly cpus?: number | undefined;
  /** Default: the settings', then 2048, a node's. */
  readonly memoryMiB?: number | undefined;
  /** More than 0, at most 2,147,483,647. Default 1,800,000: a node's limit. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const NODE_TIMEOUT_MS = 1_800_000;
/** Timers of Node count in 31 bits, and take more for 1. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

/** @throws PVM_BAD_USAGE */
export function requireTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= TIMEOUT_MAX_MS)) return;
  throw new PackageVmError('PVM_BAD_USAGE', `The time limit is ${timeoutMs / 1000} seconds, expected more than 0 and at most ${Math.floor(TIMEOUT_MAX_MS / 1000)}`);
}
