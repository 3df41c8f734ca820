import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What the keys of an Nx task's last runs were made of. Digests only, no content and no value of a variable. */
export interface TaskRecord {
  readonly schemaVersion: 1;
  /** `<project>:<target>[:<configuration>]`. */
  readonly task: string;
  readonly project: string;
  /** The latest last; each with another key. */
  readonly runs: readonly RecordedRun[];
}

export interface RecordedRun {
  /** Nx's key of the task. */
  readonly key: string;
  readonly isHit: boolean;
  /** Nx's digest of each of the task's inputs, by Nx's name for it. */
  readonly nodes: Digests;
  /** Digests of the files that Nx has in one node together, by their path in the Nx workspace. */
  readonly files: Digests;
  /** What a fingerprint is made of, by kind: compilers, libraries, variables, … */
  readonly parts: Readonly<Record<string, Digests>>;
}

export type Digests = Readonly<Record<string, string>>;

/** Where Nx keeps what belongs to one checkout, as `workspaceDataDirectoryForWorkspace` of Nx has it, which would take 0.2 s to load. */
export function nxDataFolder(workspaceRoot: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  return resolve(workspaceRoot, env.NX_WORKSPACE_DATA_DIRECTORY ?? env.NX_PROJECT_GRAPH_CACHE_DIRECTORY ?? '.nx/workspace-data');
}

const PREFIX = 'package-vm-runs-';

/** The file in Nx's data folder that keeps a task's record. */
export function recordFile(dataFolder: string, task: string): string {
  return join(dataFolder, `${PREFIX}${createHash('sha256').update(task).digest('hex').slice(0, 16)}.json`);
}

/** The record in a file; undefined where there is none, or one of another version. */
export function readRecord(path: string): TaskRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as TaskRecord | null;
    return record?.schemaVersion === 1 ? record : undefined;
  } catch {
    return undefined;
  }
}

/** All records in Nx's data folder, sorted by task. */
export function readRecords(dataFolder: string): readonly TaskRecord[] {
  let names: readonly string[];
  try {
    names = readdirSync(dataFolder).filter((name) => name.startsWith(PREFIX) && name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.flatMap((name) => readRecord(join(dataFolder, name)) ?? []).sort((a, b) => (a.task < b.task ? -1 : 1));
}
