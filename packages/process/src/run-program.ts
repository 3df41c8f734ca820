import { MissingToolError, type MissingTool, PackageVmError, errorCodeOf, errorMessageOf } from '@package-vm/errors';
import { existsSync } from 'node:fs';
import { withLifeline } from './lifeline.js';

export type OutputStream = 'stdout' | 'stderr';

export interface ProgramCall {
  /** Name or path of the program; never a shell line. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the program; default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What it reads on standard input; default: nothing. */
  readonly input?: string | Uint8Array;
  /** Called with each complete line, without its end, as it comes. */
  readonly onLine?: (line: string, stream: OutputStream) => void;
  /** Called with each piece of output as it comes, uncut. */
  readonly onOutput?: (chunk: Uint8Array, stream: OutputStream) => void;
  /** Called with the process's id as soon as it runs. */
  readonly onStart?: (pid: number) => void;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** How much of each stream is kept in the result, from its end; default 1 MiB. */
  readonly keepBytes?: number;
  /** Exit codes that are no failure; default `[0]`, `'any'` for all. A death by signal is always in the result when `'any'`. */
  readonly accept?: readonly number[] | 'any';
  /**
   * Whether the program ends even when this process is killed, on a Linux whose `setpriv` can see to that; default false. Its path must be
   * absolute.
   */
  readonly endsWithUs?: boolean;
  /** How the program is named when it is missing. */
  readonly missing: Omit<MissingTool, 'tool' | 'cause'>;
}

export interface ProgramResult {
  /** Undefined when a signal ended the program. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The last `keepBytes` of the output, as UTF-8. */
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_KEEP_BYTES = 1024 * 1024;
const KILL_AFTER_MS = 3000;

/** What runs now; none of it outlives this process. */
const running = new Set<{ readonly pid?: number | undefined }>();
let isWatchingExit = false;

function watchExit(): void {
  if (isWatchingExit) return;
  isWatchingExit = true;
  process.once('exit', () => {
    for (const { pid } of running) killGroup(pid, 'SIGKILL');
  });
}

/**
 * Runs a program in a process group of its own and waits for it. Cancelling, a time-out and the end of this process end the
 * whole group: SIGTERM, after three seconds SIGKILL.
 *
 * @throws PVM_MISSING_TOOL, PVM_PROGRAM_FAILED, PVM_PROGRAM_TIMED_OUT, PVM_CANCELLED
 */
export async function runProgram(call: ProgramCall): Promise<ProgramResult> {
  // it takes 90 ms to load: only those who run something wait for it
  const { execa } = await import('execa');
  if (call.signal?.aborted === true) throw cancelled(call);
  if (call.endsWithUs === true && !existsSync(call.program)) throw missing(call);
  const [program = call.program, ...args] = [...(call.endsWithUs === true ? withLifeline() : []), call.program, ...(call.args ?? [])];
  const child = execa(program, args, {
    ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
    ...(call.env === undefined ? {} : { env: call.env, extendEnv: false }),
    ...(call.input === undefined ? { stdin: 'ignore' as const } : { input: call.input }),
    buffer: false,
    detached: process.platform !== 'win32',
    reject: false,
    encoding: 'buffer',
    cleanup: false,
    stripFinalNewline: false,
  });
  const stdout = new Collector('stdout', call);
  const stderr = new Collector('stderr', call);
  child.stdout.on('data', (chunk: Uint8Array) => {
    stdout.add(chunk);
  });
  child.stderr.on('data', (chunk: Uint8Array) => {
    stderr.add(chunk);
  });

  let reason: 'timeout' | 'cancel' | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const end = (why: 'timeout' | 'cancel'): void => {
    reason ??= why;
    killGroup(child.pid, 'SIGTERM');
    killTimer ??= setTimeout(() => {
      killGroup(child.pid, 'SIGKILL');
    }, KILL_AFTER_MS);
  };
  const onAbort = (): void => {
    end('cancel');
  };
  call.signal?.addEventListener('abort', onAbort, { once: true });
  watchExit();
  running.add(child);
  if (child.pid !== undefined) call.onStart?.(child.pid);
  const timer =
    call.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          end('timeout');
        }, call.timeoutMs);

  try {
    const result = await child;
    stdout.finish();
    stderr.finish();
    // what the program left behind in its group must not outlive it
    if (reason !== undefined) killGroup(child.pid, 'SIGKILL');
    if (result.code === 'ENOENT' && existsSync(call.cwd ?? '.')) throw missing(call, result.cause);
    if (reason === 'cancel') throw cancelled(call);
    const outcome = { exitCode: result.exitCode, signal: result.signal, stdout: stdout.text(), stderr: stderr.text() };
    if (reason === 'timeout') throw timedOut(call, outcome);
    // the program could not be started at all, for a reason other than its absence
    if (outcome.exitCode === undefined && outcome.signal === undefined) throw notStarted(call, result.cause);
    if (!isAccepted(outcome, call.accept)) throw failed(call, outcome);
    return outcome;
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    running.delete(child);
    call.signal?.removeEventListener('abort', onAbort);
  }
}

/** The last lines of a program's output, at most `count`, for a message. */
export function outputTail(text: string, count = 20): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function isAccepted(outcome: ProgramResult, accept: ProgramCall['accept'] = [0]): boolean {
  if (accept === 'any') return true;
  return outcome.exitCode !== undefined && accept.includes(outcome.exitCode);
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    // already gone, or a zombie that is not ours to signal any more
    if (!['ESRCH', 'EPERM'].includes(errorCodeOf(error) ?? '')) throw error;
  }
}

function commandLine(call: ProgramCall): string {
  return [call.program, ...(call.args ?? [])].join(' ');
}

function missing(call: ProgramCall, cause?: unknown): MissingToolError {
  return new MissingToolError({ tool: call.program, ...call.missing, cause });
}

function cancelled(call: ProgramCall): PackageVmError {
  return new PackageVmError('PVM_CANCELLED', `\`${commandLine(call)}\` was stopped on request`);
}

function timedOut(call: ProgramCall, outcome: ProgramResult): PackageVmError {
  return new PackageVmError('PVM_PROGRAM_TIMED_OUT', `\`${commandLine(call)}\` did not end within ${String(call.timeoutMs)} ms and was stopped`, {
    data: { stderr: outputTail(outcome.stderr) },
  });
}

function notStarted(call: ProgramCall, cause: unknown): PackageVmError {
  return new PackageVmError('PVM_PROGRAM_FAILED', `\`${commandLine(call)}\` could not be started: ${errorMessageOf(cause)}`, { cause });
}

function failed(call: ProgramCall, { exitCode, signal, stdout, stderr }: ProgramResult): PackageVmError {
  const how = signal === undefined ? `ended with exit code ${String(exitCode)}` : `was ended by ${signal}`;
  const tail = outputTail(stderr.trim() === '' ? stdout : stderr);
  return new PackageVmError('PVM_PROGRAM_FAILED', `\`${commandLine(call)}\` ${how}${tail === '' ? '' : `:\n${tail}`}`, {
    data: { exitCode, signal, stdout: outputTail(stdout), stderr: outputTail(stderr) },
  });
}

/** Keeps the end of a stream and hands out its lines. */
class Collector {
  readonly #stream: OutputStream;
  readonly #call: ProgramCall;
  readonly #keepBytes: number;
  readonly #decoder = new TextDecoder();
  #chunks: Uint8Array[] = [];
  #keptBytes = 0;
  #line = '';

  constructor(stream: OutputStream, call: ProgramCall) {
    this.#stream = stream;
    this.#call = call;
    this.#keepBytes = call.keepBytes ?? DEFAULT_KEEP_BYTES;
  }

  add(chunk: Uint8Array): void {
    this.#call.onOutput?.(chunk, this.#stream);
    this.#chunks.push(chunk);
    this.#keptBytes += chunk.length;
    for (let first = this.#chunks[0]; first !== undefined && this.#keptBytes - first.length >= this.#keepBytes; first = this.#chunks[0]) {
      this.#chunks.shift();
      this.#keptBytes -= first.length;
    }
    if (this.#call.onLine !== undefined) this.#cutLines(this.#decoder.decode(chunk, { stream: true }));
  }

  finish(): void {
    if (this.#call.onLine === undefined) return;
    this.#cutLines(this.#decoder.decode());
    if (this.#line !== '') this.#call.onLine(this.#line, this.#stream);
  }

  text(): string {
    return new TextDecoder().decode(Buffer.concat(this.#chunks).subarray(-this.#keepBytes));
  }

  #cutLines(text: string): void {
    const lines = (this.#line + text).split('\n');
    // a line without an end must not grow without bound
    this.#line = (lines.pop() ?? '').slice(-this.#keepBytes);
    for (const line of lines) this.#call.onLine?.(line.replace(/\r$/, ''), this.#stream);
  }
}
