import { PackageVmError } from '@package-vm/errors';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TaskExplanation, explainTask } from './explain-runs.js';
import { nxDataFolder, readRecords } from './run-record.js';

export interface ExplainOptions {
  /** A project, or `<project>:<target>`. */
  readonly project: string;
  /** Anywhere in the Nx workspace. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface ProjectExplanation {
  readonly tasks: readonly (TaskExplanation & {
    /** Files that were inputs of the last run and are different now, or gone. */
    readonly changedSince: readonly string[];
  })[];
}

/** Says for each Nx task of a project which input made its last run a miss. @throws PVM_NO_RECORDED_RUN */
export function explainProject({ project, folder, env }: ExplainOptions): ProjectExplanation {
  const root = nxWorkspace(folder);
  if (root === undefined) throw new PackageVmError('PVM_NO_RECORDED_RUN', `\`${folder}\` is in no Nx workspace: there is no nx.json there or above`);
  const records = readRecords(nxDataFolder(root, env));
  const own = records.filter((record) => record.project === project || record.task === project || record.task.startsWith(`${project}:`));
  if (own.length === 0) {
    const known = [...new Set(records.map((record) => record.project))].map((name) => `\`${name}\``);
    throw new PackageVmError('PVM_NO_RECORDED_RUN', `No run of \`${project}\` is recorded${known.length === 0 ? '' : `, only of ${known.join(', ')}`}`, {
      hint: `Run it: \`nx run ${project.includes(':') ? project : `${project}:package-vm`}\`. The plugin keeps what its key is made of.`,
    });
  }
  const tasks = own.flatMap((record) => {
    const explained = explainTask(record);
    return explained === undefined ? [] : [{ ...explained, changedSince: changedFiles(root, record.runs.at(-1)?.files ?? {}) }];
  });
  return { tasks };
}

function nxWorkspace(folder: string): string | undefined {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : nxWorkspace(above);
}

function changedFiles(root: string, files: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(files).flatMap(([path, digest]) => (digestOf(join(root, path)) === digest ? [] : [path]));
}

function digestOf(path: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return undefined;
  }
}
