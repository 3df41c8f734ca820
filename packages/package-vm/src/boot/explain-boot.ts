import { type Explanation, NO_RESULT_HINT, explainExit, explainResult, explainSignal } from '../task/explain-exit.js';
import { type TaskResult } from '../task/task-result.js';
import { type ImageFacts } from './image-facts.js';
import { type VmRun } from './run-vm.js';

export interface ObservedBoot {
  readonly run: VmRun;
  readonly image: ImageFacts;
  readonly taskResult: TaskResult | undefined;
  readonly hasTask: boolean;
  readonly timeoutMs: number | undefined;
}

const OUT_OF_MEMORY_HINT = 'The program wants more memory than the VM has: give it more with `--memory`.';
const SIGBUS = 7;
const SIGTERM = 15;
const SIGSEGV = 11;
const SIGILL = 4;
/** What the kernel ends with when it halts, and when it crashes (nanos src/runtime/runtime.h). */
const HALT_CODE = 127;
const FAULT_CODE = 126;

/** How a boot ended, from what QEMU and the kernel said. QEMU failures are none of this. */
export function explainBoot(seen: ObservedBoot): Explanation {
  const { run, image } = seen;
  if (run.kernel.end !== undefined) return { ...run.kernel.end };
  if (run.reason === 'timed-out') return explainTimeout(seen);
  const code = guestCode(run);
  const signal = run.kernel.signal ?? (run.kernel.hasEndedProgram && code === SIGTERM ? SIGTERM : undefined);
  if (signal !== undefined) return explainFatalSignal(signal, seen);
  if (code !== undefined) {
    const explained = explainExit({ code, output: run.output, taskResult: seen.taskResult, hasTask: seen.hasTask });
    return code === HALT_CODE && explained.outcome === 'exited' ? { ...explained, explanation: `The program ended with exit code ${HALT_CODE}, or 255, which arrives as the same.` } : explained;
  }
  if (image.hasDebugExit) {
    return {
      outcome: 'halted',
      explanation: image.isRebooting ? 'The program ended, and the VM would have started again.' : 'The VM was reset, as by a crash of the kernel.',
      hint: image.isRebooting ? 'Leave out `RebootOnExit`: a node would run the task again and again.' : undefined,
    };
  }
  return explainSilentExit(seen);
}

/** The exit code that isa-debug-exit brought out of the guest, 7 bits of it; undefined where none came. */
export function guestCode({ exitCode }: Pick<VmRun, 'exitCode'>): number | undefined {
  return exitCode === undefined || exitCode % 2 === 0 ? undefined : (exitCode - 1) / 2;
}

function explainTimeout({ run, image, timeoutMs = 0 }: ObservedBoot): Explanation {
  const seconds = timeoutMs / 1000;
  if (run.serialBytes === 0) {
    return { outcome: 'timed-out', explanation: `The VM printed nothing within ${seconds} seconds and was stopped: it does not seem to have booted.`, hint: 'See that it is an image, with `package-vm inspect`; `--accel tcg` rules out the accelerator.' };
  }
  if (image.isIdling) return { outcome: 'timed-out', explanation: `The VM did not end within ${seconds} seconds: the image has \`idle_on_exit\`, so it stays when the program ends.` };
  return { outcome: 'timed-out', explanation: `The program did not end within ${seconds} seconds and was stopped.`, hint: 'A node stops a program after 1800 seconds; `--timeout` sets the limit here.' };
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
function explainSilentExit({ run, taskResult, hasTask }: ObservedBoot): Explanation {
  const hint = 'Add `"ManifestPassthrough": {"debug_exit": "t"}` to the manifest to get the exit code.';
  const explained = explainExit({ code: 1, output: run.output, taskResult: undefined, hasTask: false });
  if (explained.outcome === 'load-failure') return { ...explained, exitCode: undefined };
  const failure = explainResult(taskResult);
  if (failure !== undefined) return failure;
  const missing = hasTask && taskResult === undefined ? ' and without a `task_result.json`' : '';
  return { outcome: 'exited', explanation: `The program ended${missing}; the image gives no exit code.`, hint: missing === '' ? hint : NO_RESULT_HINT };
}

/** What the codes do not tell, one sentence each. */
export function codeNotes({ run, image }: Pick<ObservedBoot, 'run' | 'image'>): readonly string[] {
  const code = guestCode(run);
  // without this entry the kernel makes it, which fails on a read-only disk too
  const harmless = image.hasSelfExe ? 0 : 1;
  const isFailure = run.kernel.shutdownErrors > harmless;
  if (code === 0 && isFailure) return ['The kernel tried to keep its log, as it does after a failure: the exit code may have been 128 or 256, which arrive as 0.'];
  if (code === undefined && run.reason === 'ended' && isFailure && !image.hasDebugExit) return ['The kernel tried to keep its log, as it does after an exit code other than 0.'];
  if (code === FAULT_CODE && run.kernel.end === undefined) return ['Exit code 126 is also how a crash of the kernel and code 254 arrive.'];
  return [];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
