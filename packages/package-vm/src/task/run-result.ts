import { type TaskResult } from './task-result.js';

/**
 * How a run ended: `exited` with a code; `signal`; `panic` (exit code 101, Rust's); `error-result` (the program wrote an `Err`
 * or a result that a node cannot read, or none although it was given a task); `timed-out`; `load-failure` (program, interpreter or library missing or unusable);
 * `halted` (the Nanos kernel gives up on this image); `ours` (a failure of this tool).
 */
export type Outcome = 'exited' | 'signal' | 'panic' | 'error-result' | 'timed-out' | 'load-failure' | 'halted' | 'ours';

/** A file that the program wrote in the workspace. */
export interface OutputFile {
  /** Relative to the workspace, with `/` between folders. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Undefined beyond the first 16 GiB, and where the program let nobody read it. */
  readonly sha256: string | undefined;
}

/** What came of running an image on a task: the same for a rehearsal and a boot. */
export interface RunResult {
  readonly outcome: Outcome;
  /** The program's own exit code, where it ended by itself. */
  readonly exitCode?: number | undefined;
  /** The signal that ended it, e.g. `SIGABRT`; Nanos shows signal N as exit code N, Linux as 128+N. */
  readonly signal?: string | undefined;
  /** Whether the program is known to have failed although no exit code and no result says so. */
  readonly hasFailed?: boolean | undefined;
  /** One sentence on how the run ended. */
  readonly explanation: string;
  /** The one next step, where there is one. */
  readonly hint?: string | undefined;
  /** What `task_result.json` holds; undefined when the program wrote none. */
  readonly taskResult?: TaskResult | undefined;
  /** Sorted by path; `task_result.json` is not among them. */
  readonly outputFiles: readonly OutputFile[];
  /** The workspace folder, where it is still there. */
  readonly workspace?: string | undefined;
  readonly wallTimeMs: number;
  readonly peakMemoryBytes?: number | undefined;
  /** Sentences on what a node would do differently, or what the program did that a node refuses. */
  readonly notes: readonly string[];
}

/**
 * The exit code of `package-vm run` and `package-vm rehearse`: the program's own, 123 for an `Err` result, 124 for a time-out,
 * 125 for a failure of ours, 128+N for signal N, 127 for a program that could not be loaded, 134 for a kernel that halted.
 */
export function commandExitCode(result: RunResult): number {
  switch (result.outcome) {
    case 'exited':
    case 'panic':
      if (result.hasFailed === true) return 125;
      // an image that gives no code has only its result to go by
      return result.exitCode ?? (result.taskResult?.kind === 'ok' ? 0 : 125);
    case 'signal':
      return 128 + signalNumber(result.signal);
    case 'error-result':
      return 123;
    case 'timed-out':
      return 124;
    case 'load-failure':
      return 127;
    case 'halted':
      return 134;
    case 'ours':
      return 125;
  }
}

// Linux x86-64, from `kill -l`; position 0 is no signal
const SIGNALS =
  '- HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'.split(' ');

/** `SIGABRT` for 6; `SIGRTMIN+N` from 34 on. The host's own numbers do not matter: both ends are Linux x86-64. */
export function signalName(number: number): string {
  const name = SIGNALS[number];
  return name === undefined ? `SIGRTMIN+${String(number - 34)}` : `SIG${name}`;
}

function signalNumber(name = ''): number {
  const realTime = /^SIGRTMIN\+(\d+)$/.exec(name);
  if (realTime !== null) return 34 + Number(realTime[1]);
  return Math.max(0, SIGNALS.indexOf(name.slice(3)));
}
