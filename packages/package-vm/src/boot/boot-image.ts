import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { PackageVmError } from '@package-vm/errors';
import { userCacheFolder } from '../host-files/user-cache-folder.js';
import { withImageFile } from '../inspect/open-image-file.js';
import { type FolderState, readFolderState, readOutputFiles } from '../task/output-files.js';
import { resultNotes } from '../task/result-files.js';
import { NODE_TIMEOUT_MS, type RunOptions, requireTimeout } from '../task/run-options.js';
import { type RunResult } from '../task/run-result.js';
import { readTaskResult } from '../task/task-result.js';
import { type Workspace, prepareWorkspace } from '../task/workspace.js';
import { acceleratorMemory } from './accelerator-memory.js';
import { type Accelerator, type AcceleratorChoice, type Machine, chooseAccelerator } from './accelerators.js';
import { codeNotes, explainBoot, guestCode } from './explain-boot.js';
import { requireFreePort, requirePort } from './gdb-port.js';
import { findQemu, requireQemu } from './find-qemu.js';
import { type ImageFacts, imageNotes, readImageFacts } from './image-facts.js';
import { qemuArguments } from './qemu-arguments.js';
import { isComplaint, isEndedFromOutside, qemuError } from './qemu-errors.js';
import { type VmRun, runVm } from './run-vm.js';
import { type SerialLog, openSerialLog } from './serial-log.js';
import { type SerialSink } from './serial-reader.js';
import { type VmResources, availableMemory, requireMemory, vmResources } from './vm-resources.js';

export interface BootOptions extends RunOptions {
  /** Default `auto`: the machine's, or TCG where that boots nothing. */
  readonly accelerator?: Accelerator | 'auto' | undefined;
  /** Port on this machine where the VM waits for gdb before its first instruction; then `timeoutMs` has no default. */
  readonly gdbPort?: number | undefined;
  /** Where everything on the serial console is kept; default: beside a given workspace, else nowhere. */
  readonly serialLog?: string | undefined;
  /** Further arguments for QEMU. */
  readonly qemuArgs?: readonly string[] | undefined;
  /** QEMU's name or path; default `qemu-system-x86_64`. */
  readonly qemu?: string | undefined;
  /** The program's output as it comes; Nanos tells standard output and error not apart. */
  readonly onOutput?: ((chunk: Uint8Array) => void) | undefined;
  /** A line of the kernel. */
  readonly onKernelLine?: ((line: string) => void) | undefined;
  readonly onProgress?: ((progress: BootProgress) => void) | undefined;
  /** How long a VM may be silent under an accelerator not yet seen to work here; default 10,000. */
  readonly lifeLimitMs?: number | undefined;
  /** Where it is remembered which accelerator works; default: the user's cache. */
  readonly cacheFolder?: string | undefined;
  /** What decides which accelerator is tried; default: this machine. */
  readonly machine?: Pick<Machine, 'platform' | 'arch' | 'kvm'> | undefined;
}

export interface BootProgress {
  readonly step: 'boot' | 'fall-back';
  readonly accelerator: Accelerator;
}

/** What came of booting an image; `peakMemoryBytes` is what the guest touched of its memory, kernel included. */
export interface BootResult extends RunResult {
  readonly accelerator: Accelerator;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** From the start of QEMU to the first byte on the serial console; undefined when there was none. */
  readonly bootTimeMs: number | undefined;
  readonly serialLog: string | undefined;
}

const LIFE_LIMIT_MS = 10_000;
const MIB = 1024 * 1024;

/**
 * Boots an image in QEMU with the devices of a Gevulot node and gives what came of it. Leaves no process, no temporary file and
 * the image as it was.
 *
 * @throws PVM_BAD_USAGE, PVM_MISSING_TOOL, PVM_NOT_ENOUGH_MEMORY, PVM_NO_ACCELERATION, PVM_QEMU_FAILED, PVM_BAD_TASK, PVM_BAD_WORKSPACE,
 *   PVM_NO_FILE, PVM_BAD_IMAGE, PVM_WRITE_FAILED, PVM_CANCELLED
 */
export async function bootImage(options: BootOptions): Promise<BootResult> {
  requireTimeout(options.timeoutMs);
  if (options.gdbPort !== undefined) requirePort(options.gdbPort);
  const image = withImageFile(options.imagePath, (opened) => {
    if (opened.bootFileSystem !== undefined) return readImageFacts(opened);
    throw new PackageVmError('PVM_BAD_IMAGE', `\`${options.imagePath}\` cannot be booted: it has no boot file system`, { hint: 'Give an image made by `package-vm build`.' });
  });
  const vm = vmResources(options);
  requireMemory(vm, availableMemory());
  const qemu = findQemu(options.qemu);
  const workspace = await prepareWorkspace({ folder: options.workspace, task: options.task, inputFiles: options.inputFiles, signal: options.signal });
  try {
    refuseSameFile(options.serialLog, [options.imagePath, `${options.imagePath}.json`, options.task, ...(options.inputFiles ?? []).map(({ hostPath }) => hostPath)]);
    const log = openSerialLog({ wanted: options.serialLog, usual: workspace.isTemporary ? undefined : `${workspace.folder}.serial.log` });
    try {
      return await bootIn(workspace, { options, image, qemu, log, vm });
    } finally {
      log.close();
    }
  } finally {
    await workspace.dispose();
  }
}

interface Boot {
  readonly options: BootOptions;
  readonly image: ImageFacts;
  readonly qemu: string;
  readonly log: SerialLog;
  readonly vm: VmResources;
}

async function bootIn(workspace: Workspace, boot: Boot): Promise<BootResult> {
  const { options, image, log, vm: { cpus, cpusFrom = '', memoryMiB } } = boot;
  const timeoutMs = options.timeoutMs ?? (options.gdbPort === undefined ? NODE_TIMEOUT_MS : undefined);
  if (options.gdbPort !== undefined) await requireFreePort(options.gdbPort);
  const { run, accelerator, notes } = await runAccelerated(workspace, boot, timeoutMs);
  await requireGuest(run, boot.qemu);
  const taskResult = await readTaskResult(workspace.folder);
  const observed = { run, image, taskResult, hasTask: workspace.task !== undefined, timeoutMs, accelerator };
  const spareCpus = availableParallelism() - cpus;
  return {
    ...explainBoot(observed),
    taskResult,
    outputFiles: await readOutputFiles(workspace.folder, workspace.before, options.signal),
    workspace: workspace.isTemporary ? undefined : workspace.folder,
    wallTimeMs: run.wallTimeMs,
    bootTimeMs: run.bootTimeMs,
    peakMemoryBytes: run.peakMemoryBytes,
    memoryBytes: memoryMiB * MIB,
    accelerator, cpus,
    serialLog: log.path,
    notes: [
      ...workspace.notes, ...notes, ...imageNotes(image), ...run.kernel.notes, ...codeNotes(observed),
      ...(await resultNotes(workspace.folder, taskResult, workspace.task)),
      ...(spareCpus < 0 ? [`This machine has ${availableParallelism()} CPUs, the VM has ${cpus}${cpusFrom}.`] : []),
      ...(log.note === undefined ? [] : [log.note]),
    ],
  };
}

interface AcceleratedRun {
  readonly run: VmRun;
  readonly accelerator: Accelerator;
  readonly notes: readonly string[];
}

/** Runs under the chosen accelerator, and under TCG where that shows no sign of life. */
async function runAccelerated(workspace: Workspace, boot: Boot, timeoutMs: number | undefined): Promise<AcceleratedRun> {
  const { options, qemu } = boot;
  const wanted = options.accelerator ?? 'auto';
  const memory = acceleratorMemory({ cacheFolder: options.cacheFolder ?? userCacheFolder(), qemu });
  const choice = chooseAccelerator(wanted, { ...(options.machine ?? thisMachine()), remembered: memory.recall.bind(memory) });
  const run = await runOnce(workspace, boot, { timeoutMs, choice });
  const { accelerator } = choice;
  if (accelerator === 'tcg') return { run, accelerator, notes: choice.notes };
  if (run.kernel.hasNanosSpoken && memory.recall(accelerator) !== 'works') memory.remember(accelerator, 'works');
  const name = accelerator.toUpperCase();
  const failure = wanted === 'auto' && run.serialBytes === 0 ? describeFailure(run, name) : undefined;
  if (failure === undefined) return { run, accelerator, notes: choice.notes };
  // that it refuses to start may be over in a moment, e.g. when another hypervisor ends
  if (run.reason !== 'ended') memory.remember(accelerator, 'fails');
  options.onProgress?.({ step: 'fall-back', accelerator: 'tcg' });
  const emulated = await runOnce(workspace, boot, { timeoutMs, choice: { accelerator: 'tcg', isOnProbation: false, notes: [] } });
  return { run: emulated, accelerator: 'tcg', notes: [`${failure}: the VM was emulated instead (TCG), which is several times slower than on a node.`] };
}

function describeFailure(run: VmRun, name: string): string | undefined {
  if (run.reason === 'accelerator-failed') return `${name} gave up before the image had booted`;
  if (run.reason === 'lifeless') return `Under ${name} the VM showed no sign of life`;
  const isRefused = run.reason === 'ended' && isComplaint(run.stderr) && qemuError(run).code === 'PVM_NO_ACCELERATION';
  return isRefused ? `${name} could not be used` : undefined;
}

function runOnce(workspace: Workspace, { options, qemu, log, vm: { cpus, memoryMiB } }: Boot, { timeoutMs, choice }: { readonly timeoutMs: number | undefined; readonly choice: AcceleratorChoice }): Promise<VmRun> {
  const { accelerator } = choice;
  options.onProgress?.({ step: 'boot', accelerator });
  const isDebugged = options.gdbPort !== undefined;
  return runVm({
    qemu, memoryMiB, timeoutMs,
    args: qemuArguments({
      imagePath: resolve(options.imagePath), workspace: workspace.folder, accelerator, cpus, memoryMiB,
      gdbPort: options.gdbPort, extraArgs: options.qemuArgs,
    }),
    lifeLimitMs: choice.isOnProbation && !isDebugged ? (options.lifeLimitMs ?? LIFE_LIMIT_MS) : undefined,
    // a program that prints nothing may write files
    isAlive: async () => !isSame(await readFolderState(workspace.folder), workspace.before),
    onSerial: log.write.bind(log),
    sink: sinkOf(options),
    signal: options.signal,
  });
}

function sinkOf({ onOutput, onKernelLine }: BootOptions): SerialSink {
  return { program: (bytes) => onOutput?.(bytes), kernel: (line) => onKernelLine?.(line) };
}

/** @throws PVM_QEMU_FAILED and its like, where QEMU's end is none of the guest's */
async function requireGuest(run: VmRun, qemu: string): Promise<void> {
  if (run.reason === 'accelerator-failed') throw qemuError(run);
  if (run.reason !== 'ended') return;
  if (isEndedFromOutside(run.stderr)) throw qemuError(run);
  // 1 is also how a guest's code 0 arrives
  const isGuests = run.exitCode === 0 || guestCode(run) !== undefined;
  if (!isGuests || (run.serialBytes === 0 && isComplaint(run.stderr))) throw qemuError(run);
  if (run.serialBytes === 0) await requireQemu(qemu);
}

function isSame(a: FolderState, b: FolderState): boolean {
  return a.size === b.size && [...a].every(([path, state]) => b.get(path) === state);
}

function thisMachine(): Pick<Machine, 'platform' | 'arch' | 'kvm'> {
  return { platform: process.platform, arch: process.arch, kvm: kvmAccess('/dev/kvm') };
}

function kvmAccess(path: string): Machine['kvm'] {
  if (!existsSync(path)) return 'absent';
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return 'usable';
  } catch {
    return 'forbidden';
  }
}

/** The log would empty what it is. @throws PVM_BAD_USAGE */
function refuseSameFile(log: string | undefined, inputs: readonly (string | undefined)[]): void {
  const identity = (path: string | undefined): string | undefined => {
    const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? undefined : `${stats.dev} ${stats.ino}`;
  };
  const own = identity(log);
  if (own === undefined || !inputs.some((path) => identity(path) === own)) return;
  throw new PackageVmError('PVM_BAD_USAGE', `The serial log \`${String(log)}\` is an input of the run, and would be overwritten`, { hint: 'Choose another name with `--serial-log`.' });
}
