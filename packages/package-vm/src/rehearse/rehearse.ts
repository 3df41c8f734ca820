import { lstatSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PackageVmError } from '@package-vm/errors';
import { type OutputStream } from '@package-vm/process';
import { openImageFile } from '../inspect/open-image-file.js';
import { type ProgramFacts, readProgramFacts } from '../inspect/program-facts.js';
import { readResources } from '../inspect/read-resources.js';
import { type Explanation } from '../task/explain-exit.js';
import { readOutputFiles } from '../task/output-files.js';
import { resultNotes } from '../task/result-files.js';
import { NODE_TIMEOUT_MS, type RunOptions, requireTimeout } from '../task/run-options.js';
import { type RunResult } from '../task/run-result.js';
import { writingScratch } from '../task/scratch-folder.js';
import { readTaskResult } from '../task/task-result.js';
import { type Workspace, prepareWorkspace } from '../task/workspace.js';
import { type LoadCheck, checkProgram } from './check-program.js';
import { explainEnd } from './explain-end.js';
import { type SourceTree, extractTree } from './extract-tree.js';
import { writeKernelFiles } from './kernel-files.js';
import { rehearsalNotes } from './rehearsal-notes.js';
import { sandboxError } from './sandbox-errors.js';
import { type SandboxFolder, type SandboxResult, makeSandboxFolder, runInSandbox } from './sandbox.js';
import { type Isolation, syscallFilter } from './syscall-filter.js';

export interface RehearseOptions extends RunOptions {
  /** Default `namespaces`; `weak` works without them and hides less. Never chosen silently. */
  readonly isolation?: Isolation | undefined;
  /** The program's output as it comes. */
  readonly onOutput?: ((chunk: Uint8Array, stream: OutputStream) => void) | undefined;
  readonly onProgress?: ((progress: RehearseProgress) => void) | undefined;
}

export interface RehearseProgress {
  readonly step: 'extract' | 'run';
}

/**
 * Runs the program out of an image on this machine's Linux, with only the image's files and the rules of Nanos as far as they
 * can be had (docs/rehearsing.md says how far). Leaves no process and no temporary file behind.
 *
 * @throws PVM_BAD_USAGE, PVM_CANNOT_REHEARSE, PVM_NO_NAMESPACES, PVM_NO_TRACING, PVM_SANDBOX_FAILED, PVM_BAD_TASK, PVM_BAD_WORKSPACE,
 *   PVM_NO_FILE, PVM_BAD_IMAGE, PVM_WRITE_FAILED, PVM_CANCELLED
 */
export async function rehearse(options: RehearseOptions): Promise<RunResult> {
  requireLinux(process.platform, process.arch);
  requireTimeout(options.timeoutMs);
  const opened = openImageFile(options.imagePath);
  const cleanups: (() => Promise<void> | void)[] = [opened.close.bind(opened)];
  try {
    const workspace = await prepareWorkspace({ folder: options.workspace, task: options.task, inputFiles: options.inputFiles, signal: options.signal });
    cleanups.unshift(workspace.dispose.bind(workspace));
    const folder = await makeSandboxFolder();
    cleanups.unshift(folder.remove.bind(folder));
    return await rehearseIn(folder, { tree: opened.image.root, options, workspace });
  } finally {
    for (const cleanUp of cleanups) await cleanUp();
  }
}

/** @throws PVM_CANNOT_REHEARSE */
export function requireLinux(platform: string, arch: string): void {
  if (platform === 'linux' && arch === 'x64') return;
  throw new PackageVmError('PVM_CANNOT_REHEARSE', `A rehearsal needs Linux on x86-64, this is ${platform} on ${arch}`, {
    hint:
      'Rehearse in a Linux container or VM of that kind, e.g. `docker run --rm --platform linux/amd64 -v "$PWD:$PWD" -w "$PWD" node:22 npx package-vm rehearse … --isolation weak` ' +
      '(weak works in a default container; with `--privileged` it is not needed; an emulated x86-64 cannot trace programs).',
  });
}

interface Rehearsal {
  readonly tree: SourceTree;
  readonly options: RehearseOptions;
  readonly workspace: Workspace;
}

async function rehearseIn(folder: SandboxFolder, { tree, options, workspace }: Rehearsal): Promise<RunResult> {
  const settings = readResources(options.imagePath);
  const { isolation = 'namespaces', cpus = settings.cpus ?? 2, memoryMiB = settings.memoryMiB ?? 2048, timeoutMs = NODE_TIMEOUT_MS } = options;
  const facts = readProgramFacts(tree.attributes);
  options.onProgress?.({ step: 'extract' });
  const collision = await writingScratch(folder.root, async () => {
    await extractTree(tree, { folder: folder.root, program: facts.program, makesLinksRelative: isolation === 'weak', signal: options.signal });
    return writeKernelFiles(folder.root, { ...facts, cpus, memoryMiB });
  });
  if (collision !== undefined) return unstarted(halted(collision), workspace);
  const check = checkProgram(tree, { root: folder.root, program: facts.program });
  if (check.kind === 'unloadable') return unstarted({ outcome: 'load-failure', ...pick(check) }, workspace);

  const hasMountPoint = facts.share !== undefined && isFolder(join(folder.root, facts.share.mountPoint));
  options.onProgress?.({ step: 'run' });
  const result = await runInSandbox(folder, {
    isolation, cpus, memoryMiB, timeoutMs,
    isReadonlyRoot: facts.isReadonlyRoot,
    workspace: workspace.folder,
    share: hasMountPoint ? facts.share : undefined,
    cwd: facts.cwd,
    ...command(check, { isolation, facts, root: folder.root }),
    filter: syscallFilter(isolation),
    nanosVersion: facts.nanosVersion,
    environment: facts.environment,
    onOutput: options.onOutput,
    signal: options.signal,
  });
  const taskResult = await readTaskResult(workspace.folder);
  const observed = { report: result.report, facts, hasMountPoint, isolation, cpus, memoryMiB, availableCpus: availableParallelism() };
  return {
    ...explain(result, { taskResult, hasTask: workspace.task !== undefined, timeoutMs }),
    taskResult,
    outputFiles: await readOutputFiles(workspace.folder, workspace.before, options.signal),
    workspace: workspace.isTemporary ? undefined : workspace.folder,
    wallTimeMs: result.wallTimeMs,
    peakMemoryBytes: result.report.peakMemoryBytes,
    notes: [...workspace.notes, ...rehearsalNotes(observed), ...(await resultNotes(workspace.folder, taskResult, workspace.task))],
  };
}

interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

/**
 * Under weak isolation the kernel would take the host's interpreter, so the image's own is started and told what to load; other
 * paths are mapped by the init once the program runs.
 */
function command(check: Extract<LoadCheck, { kind: 'loadable' }>, { isolation, facts, root }: { readonly isolation: Isolation; readonly facts: ProgramFacts; readonly root: string }): Command {
  if (isolation === 'namespaces') return { program: facts.program, arguments: facts.arguments };
  if (check.interpreter === undefined) return { program: join(root, check.path), arguments: facts.arguments };
  const [name = facts.program, ...rest] = facts.arguments;
  return { program: join(root, check.interpreter), arguments: [check.interpreter, '--argv0', name, facts.program, ...rest] };
}

function explain(result: SandboxResult, run: { readonly taskResult: RunResult['taskResult']; readonly hasTask: boolean; readonly timeoutMs: number }): Explanation {
  const { end } = result.report;
  if (result.hasTimedOut) {
    return { outcome: 'timed-out', explanation: `The program did not end within ${run.timeoutMs / 1000} s and was stopped.`, hint: 'A node stops a program after 1800 seconds; `--timeout` sets the limit here.' };
  }
  if (end?.kind === 'failed') throw sandboxError(end);
  if (end === undefined) throw new PackageVmError('PVM_SANDBOX_FAILED', 'The sandbox was ended from outside, perhaps because the machine ran out of memory');
  return explainEnd({ end, stderr: result.stderr, taskResult: run.taskResult, hasTask: run.hasTask });
}

function halted(path: string): Explanation {
  return {
    outcome: 'halted',
    explanation: `The image has something at \`${path}\`, a path that the Nanos kernel owns: it ends in an assertion before the program starts.`,
    hint: 'Leave that path out of the image.',
  };
}

function pick({ explanation, hint }: { readonly explanation: string; readonly hint: string }): { readonly explanation: string; readonly hint: string } {
  return { explanation, hint };
}

function unstarted(explanation: Explanation, workspace: Workspace): RunResult {
  return { ...explanation, outputFiles: [], workspace: workspace.isTemporary ? undefined : workspace.folder, wallTimeMs: 0, notes: workspace.notes };
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
