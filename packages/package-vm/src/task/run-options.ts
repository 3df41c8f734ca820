import { type InputFile } from './workspace.js';

/** What every run of an image is told, a rehearsal and a boot alike. */
export interface RunOptions {
  readonly imagePath: string;
  /** Path of a `task.json`; without one the program runs with the workspace as it is. */
  readonly task?: string | undefined;
  readonly inputFiles?: readonly InputFile[] | undefined;
  /** The folder that the program sees at `/workspace`; default: a temporary one, removed afterwards. */
  readonly workspace?: string | undefined;
  /** Default 2, a node's. */
  readonly cpus?: number | undefined;
  /** Default 2048, a node's. */
  readonly memoryMiB?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
