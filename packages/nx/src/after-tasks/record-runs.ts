import type { PostTasksExecutionContext } from '@nx/devkit';
import { join } from 'node:path';
import { type Digests, type RecordedRun, readRecord, recordFile } from 'package-vm/run-record';
import { FileDigests } from '../fingerprint/file-digests.js';
import { commandWords, wordsId } from '../plugin/fingerprint-words.js';
import { keepJson, readKept } from '../plugin/keep-json.js';
import { workspaceDataFolder } from '../plugin/workspace-data.js';
import { filesOfNodes } from './files-of-nodes.js';

type TaskResult = PostTasksExecutionContext['taskResults'][string];

/** Runs that are kept of each Nx task, each with another key. */
const RUNS = 5;

/** Keeps what the keys of our tasks were made of, for `package-vm explain`. */
export function recordRuns({ taskResults, workspaceRoot }: Pick<PostTasksExecutionContext, 'taskResults' | 'workspaceRoot'>): void {
  const folder = workspaceDataFolder(workspaceRoot);
  for (const [id, result] of Object.entries(taskResults)) {
    const { hash, target, outputs } = result.task;
    if (hash === undefined || !isOurs(outputs) || !(result.status === 'success' || isHit(result))) continue;
    const path = recordFile(folder, id);
    const runs = readRecord(path)?.runs ?? [];
    const known = runs.find(({ key }) => key === hash);
    if (known !== undefined && known === runs.at(-1) && known.isHit === isHit(result)) continue;
    const run = known === undefined ? record(hash, result, { workspaceRoot, folder }) : { ...known, isHit: isHit(result) };
    keepJson(path, { schemaVersion: 1, task: id, project: target.project, runs: [...runs.filter(({ key }) => key !== hash), run].slice(-RUNS) });
  }
}

const isHit = ({ status }: TaskResult): boolean => status.includes('cache');
const isOurs = (outputs: readonly string[]): boolean => outputs.some((output) => /^dist\/package-vm\/.+\/(image|bundle)$/.test(output));

function record(key: string, result: TaskResult, { workspaceRoot, folder }: { readonly workspaceRoot: string; readonly folder: string }): RecordedRun {
  const details = result.task.hashDetails;
  const nodes: Digests = { ...details?.nodes, command: details?.command ?? '' };
  const digests = new FileDigests(join(folder, `package-vm-${wordsId(['files', result.task.id])}.json`));
  const files = Object.fromEntries(filesOfNodes(Object.keys(nodes), workspaceRoot).flatMap((path) => {
    const digest = digests.of(join(workspaceRoot, path));
    return digest === undefined ? [] : [[path, digest]];
  }));
  digests.save();
  return { key, isHit: isHit(result), nodes, files, parts: Object.assign({}, ...Object.keys(nodes).map((node) => partsOf(node, folder))) as RecordedRun['parts'] };
}

/** What the fingerprint of a toolchain left behind when it was asked for this key. */
function partsOf(node: string, folder: string): RecordedRun['parts'] {
  const words = node.startsWith('runtime:') ? commandWords(node) : [];
  const kept = words[0] === 'toolchain' ? readKept(join(folder, `package-vm-parts-${wordsId(words)}.json`)) : undefined;
  return (kept ?? {}) as RecordedRun['parts'];
}
