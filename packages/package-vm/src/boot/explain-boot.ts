import { type Explanation, NO_RESULT_HINT, explainExit, explainLoading, explainResult, explainSignal } from '../task/explain-exit.js';
import { type TaskResult } from '../task/task-result.js';
import { type Accelerator } from './accelerators.js';
import { type ImageFacts } from './image-facts.js';
import { FAULT_CODE, HALT_CODE } from './kernel-messages.js';
import { type KernelEnd } from './kernel-watch.js';
import { type VmRun } from './run-vm.js';

export interface ObservedBoot {
  readonly run: VmRun;
  readonly image: ImageFacts;
  readonly taskResult: TaskResult | undefined;
  readonly hasTask: boolean;
  readonly timeoutMs: number | undefined;
  readonly accelerator: Accelerator;
}

const OUT_OF_MEMORY_HINT = 'The program wants more memory than the VM has: give it more with `--memory`.';
const SIGBUS = 7;
const SIGTERM = 15;
const SIGSEGV = 11;
const SIGILL = 4;

/** How a boot ended, from what QEMU and the kernel said. QEMU failures are none of this. */
export function explainBoot(seen: ObservedBoot): Explanation {
  const { run, image } = seen;
  const { end } = run.kernel;
  if (end !== undefined && decides(end, run)) return { outcome: end.outcome, explanation: end.explanation, hint: end.hint };
  if (run.reason === 'timed-out') return explainTimeout(seen);
  if (run.serialBytes === 0) return { outcome: 'halted', explanation: 'Nothing has booted: the VM ended before it printed anything.', hint: 'See that the image is whole, with `package-vm verify-image`, and that the VM has at least 16 MiB of memory.' };
  const signal = fatalSignal(seen);
  if (signal !== undefined) return explainFatalSignal(signal, seen);
  const code = guestCode(run);
  if (code !== undefined) return explainCode(code, seen);
  if (image.hasDebugExit) {
    return {
      outcome: 'halted',
      explanation: image.isRebooting ? 'The program ended, and the VM would have started again.' : 'The VM was reset, as by a crash of the kernel.',
      hint: image.isRebooting ? 'Leave out `RebootOnExit`: a node would run the task again and again.' : undefined,
    };
  }
  return explainSilentExit(seen);
}

/** A program can print what the kernel says, so that a line decides only where the exit code agrees, or without one as the last word. */
function decides({ codes }: KernelEnd, run: VmRun): boolean {
  const code = guestCode(run);
  if (code !== undefined) return codes.includes(code);
  if (run.reason === 'hung') return true;
  return run.kernel.isLastWord && (run.reason !== 'timed-out' || run.kernel.hasGivenUp);
}

function fatalSignal({ run, image }: ObservedBoot): number | undefined {
  const { kernel } = run;
  const told = kernel.signal ?? (kernel.hasEndedProgram ? SIGTERM : undefined);
  const code = guestCode(run);
  if (code !== undefined) return told === code || (kernel.hasEndedProgram && code === SIGTERM) ? code : undefined;
  return !image.hasDebugExit && kernel.isLastWord && showsFailure({ run, image }) !== false ? told : undefined;
}

/** Whether the kernel tried to keep its log, as it does after a failure; undefined where the program's own writes, or a code that is expected, look the same. */
function showsFailure({ run, image }: Pick<ObservedBoot, 'run' | 'image'>): boolean | undefined {
  // without this entry the kernel makes it, which fails on a read-only disk too
  const hasErrors = run.kernel.shutdownErrors > (image.hasSelfExe ? 0 : 1);
  return (image.isReadonlyRoot && !image.hasExpectedCode) || !hasErrors ? hasErrors : undefined;
}

function explainCode(code: number, seen: ObservedBoot): Explanation {
  const { run, taskResult, hasTask } = seen;
  const explained = explainExit({ code, output: run.output, taskResult, hasTask });
  if (explained.outcome !== 'exited') return explained;
  if (code === HALT_CODE) return { ...explained, explanation: `The program ended with exit code ${HALT_CODE}, or 255, which arrives as the same.` };
  if (code === 0 && showsFailure(seen) === true) {
    return { outcome: 'exited', hasFailed: true, explanation: 'The program ended with exit code 128 or 256, which arrive as 0: the kernel tried to keep its log, as it does after a failure.' };
  }
  return explained;
}

/** The exit code that isa-debug-exit brought out of the guest, 7 bits of it; undefined where none came. */
export function guestCode({ exitCode }: Pick<VmRun, 'exitCode'>): number | undefined {
  return exitCode === undefined || exitCode % 2 === 0 ? undefined : (exitCode - 1) / 2;
}

function explainTimeout({ run, image, timeoutMs = 0, accelerator }: ObservedBoot): Explanation {
  const seconds = timeoutMs / 1000;
  if (run.serialBytes === 0) {
    return { outcome: 'timed-out', explanation: `The VM printed nothing within ${seconds} s and was stopped: it does not seem to have booted.`, hint: `See that the image is whole, with \`package-vm verify-image\`; ${accelerator === 'tcg' ? 'a machine with much to do needs a longer `--timeout`' : '`--accel tcg` rules out the accelerator'}.` };
  }
  if (image.isIdling) return { outcome: 'timed-out', explanation: `The VM did not end within ${seconds} s: the image has \`idle_on_exit\`, so it stays when the program ends.` };
  const slowness = accelerator === 'tcg' ? ' The VM was emulated (TCG), several times slower than on a node.' : '';
  return { outcome: 'timed-out', explanation: `The program did not end within ${seconds} s and was stopped.`, hint: `A node stops a program after 1800 seconds; \`--timeout\` sets the limit here.${slowness}` };
}

function explainFatalSignal(signal: number, { run, image }: ObservedBoot): Explanation {
  const explained = explainSignal(signal, run.output);
  if (run.kernel.isOutOfMemory) return { ...explained, explanation: `The VM ran out of memory: ${lowerFirst(explained.explanation)}`, hint: OUT_OF_MEMORY_HINT };
  // Nanos checks nothing of that and starts it
  if (image.programFault !== undefined && [SIGSEGV, SIGILL, SIGBUS].includes(signal)) {
    return { outcome: 'load-failure', explanation: `\`${image.program}\` is no program for Nanos: ${image.programFault}.`, hint: 'Build it for x86-64 Linux, e.g. with `--target x86_64-unknown-linux-gnu`.' };
  }
  return explained;
}

/** An image without `debug_exit` switches the VM off without a code; the result, if any, says how it went. */
function explainSilentExit(seen: ObservedBoot): Explanation {
  const { run, taskResult, hasTask } = seen;
  // what cannot be loaded writes no result
  const failure = taskResult === undefined ? explainLoading(run.output) : explainResult(taskResult);
  if (failure !== undefined) return failure;
  const hasFailed = showsFailure(seen) === true;
  const how = hasFailed ? 'The program failed, as the kernel shows, which tried to keep its log' : `The program ended${hasTask && taskResult === undefined ? ' without a `task_result.json`' : ''}`;
  const hint = 'Add `"ManifestPassthrough": {"debug_exit": "t"}` to the manifest to get the exit code.';
  return { outcome: 'exited', hasFailed, explanation: `${how}; the image gives no exit code.`, hint: !hasFailed && hasTask && taskResult === undefined ? NO_RESULT_HINT : hint };
}

/** What the codes do not tell, one sentence each. */
export function codeNotes({ run, image }: Pick<ObservedBoot, 'run' | 'image'>): readonly string[] {
  const code = guestCode(run);
  if (code === FAULT_CODE && run.kernel.end === undefined) return ['Exit code 126 is also how a crash of the kernel and code 254 arrive.'];
  const other = code === 0 ? '128 or 256, which arrive as 0' : 'other than 0';
  if (run.reason !== 'ended' || (code ?? 0) !== 0 || image.isReadonlyRoot || showsFailure({ run, image }) !== undefined) return [];
  return [`The kernel could not write to the disk at the end, which is read-only here and on a node: the program wrote outside \`/workspace\`, or ended with an exit code ${other}.`];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
