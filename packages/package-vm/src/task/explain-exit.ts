import { type Outcome, signalName } from './run-result.js';
import { type TaskResult } from './task-result.js';

/** How a run ended, in the words of `RunResult`. */
export interface Explanation {
  readonly outcome: Outcome;
  readonly exitCode?: number | undefined;
  readonly signal?: string;
  readonly hasFailed?: boolean | undefined;
  readonly explanation: string;
  readonly hint?: string | undefined;
}

export interface ObservedExit {
  readonly code: number;
  /** The end of what the program printed where it tells of errors. */
  readonly output: string;
  readonly taskResult: TaskResult | undefined;
  /** Whether the program was given a task, so that a result is due. */
  readonly hasTask: boolean;
}

const PANIC = 101;

/** Explains a program that ended by itself. */
export function explainExit({ code, output, taskResult, hasTask }: ObservedExit): Explanation {
  const loading = LOADER_CODES.includes(code) ? explainLoading(output) : undefined;
  if (loading !== undefined) return { ...loading, exitCode: code };
  if (code === PANIC) {
    return { outcome: 'panic', exitCode: code, explanation: 'The program panicked (exit code 101).', hint: hintFrom(output) };
  }
  const failure = explainResult(taskResult);
  if (failure !== undefined) return { ...failure, exitCode: code };
  if (code === 0 && hasTask && taskResult === undefined) {
    return { outcome: 'error-result', exitCode: 0, explanation: 'The program ended with exit code 0 and wrote no `task_result.json`.', hint: NO_RESULT_HINT };
  }
  return { outcome: 'exited', exitCode: code, explanation: `The program ended with exit code ${code}.`, hint: code === 0 ? undefined : hintFrom(output) };
}

export const NO_RESULT_HINT = 'A node waits for `/workspace/task_result.json`: write it before the program ends.';

/** A result that is no success; undefined for one that is, and for none. */
export function explainResult(taskResult: TaskResult | undefined): Explanation | undefined {
  if (taskResult?.kind === 'error') return { outcome: 'error-result', explanation: sentence(`The program gave the result \`Err\`${taskResult.message.trim() === '' ? ' without a message' : `: ${taskResult.message}`}`) };
  if (taskResult?.kind !== 'invalid') return undefined;
  return {
    outcome: 'error-result',
    explanation: sentence(`The program wrote a \`task_result.json\` that a node cannot read: ${taskResult.problem}`),
    hint: 'It must be `{"Ok":{"id":…,"data":[…],"files":[…]}}` or `{"Err":"…"}`.',
  };
}

export function explainSignal(number: number, output: string): Explanation {
  const signal = signalName(number);
  return {
    outcome: 'signal', signal,
    explanation: `The program was ended by ${signal} (Nanos shows it as exit code ${number}).`,
    hint: hintFrom(output),
  };
}

/** What glibc's and musl's loaders end with; 1 is for versions. */
const LOADER_CODES: readonly number[] = [1, 127];

/** What the dynamic loaders of glibc and musl say before anything else, and the hint. */
export function explainLoading(output: string): Explanation | undefined {
  const [line = ''] = output.trimStart().split('\n', 1);
  const fail = (explanation: string, hint: string): Explanation => ({ outcome: 'load-failure', explanation, hint });
  const missing = /error while loading shared libraries: ([^:\s]+): cannot open/.exec(line) ?? /Error loading shared library ([^:\s]+):/.exec(line);
  if (missing !== null) {
    return fail(`The library \`${missing[1] ?? ''}\` is not where the image's loader looks for it.`, 'Name it in `extraLibraries`, or give the program a RUNPATH that leads to it.');
  }
  const version = /version `([^']+)' not found \(required by /.exec(line);
  if (version !== null) {
    return fail(`The libraries in the image have no version \`${version[1] ?? ''}\`, which the program needs.`, 'Package the libraries that the program was linked with, or build it static.');
  }
  const other = /error while loading shared libraries: (.+)/.exec(line);
  return other === null ? undefined : fail(sentence(`The image's loader gave up: ${other[1] ?? ''}`), 'Compare the libraries in the image with those that the program was linked with.');
}

/** With a period, unless what others wrote ends it. */
function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Messages of programs (Rust's and libc's words) that have a known cause on Nanos. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/memory allocation of \d+ bytes failed|Cannot allocate memory|os error 12\b/, 'The program wants more memory than the VM has: give it more with `--memory`.'],
  [/workspace mount timeout/, 'The image shares no folder at `/workspace`: its manifest needs `Mounts` with `/workspace`.'],
  [/Read-only file system|os error 30\b/, 'Only `/workspace` can be written to.'],
  [/Function not implemented|os error 38\b/, 'The program made a system call that Nanos does not have: processes cannot be started.'],
  [/has overflowed its stack/, 'The main thread has a stack of 2 MiB: run deep work in a thread with a larger one.'],
];

function hintFrom(stderr: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(stderr))?.[1];
}
