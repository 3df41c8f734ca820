import { type Finding } from '@package-vm/manifest';
import { type FileHandle } from 'node:fs/promises';
import { type Plan } from '../plan/plan.js';
import { type Project } from '../project/read-project.js';
import { type ImageDigests } from './image-hasher.js';

/** What turns a plan into an image: our own writer, or the real `ops`. */
export type EngineName = 'builtin' | 'ops';

export interface EngineCall {
  readonly plan: Plan;
  readonly project: Project;
  /** The image to write: an empty file, open and by its absolute path. */
  readonly file: FileHandle;
  readonly path: string;
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An image that an engine has written. */
export interface WrittenImage extends ImageDigests {
  readonly engine: EngineName;
  /** Of an engine that is a program of its own. */
  readonly engineVersion?: string;
  /** Version of the bytes for a plan; null for an engine that promises none. */
  readonly layoutVersion: number | null;
  readonly sizeBytes: number;
  /** Of the root file system. */
  readonly uuid: string;
  /** What the engine had to say. */
  readonly findings: readonly Finding[];
}
