import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { runProgram } from '@package-vm/process';
import { GuestMemoryWatch } from './guest-memory.js';
import { type KernelFacts, KernelWatch } from './kernel-watch.js';
import { SerialReader, type SerialSink } from './serial-reader.js';

export interface VmCall {
  /** Absolute path. */
  readonly qemu: string;
  readonly args: readonly string[];
  readonly memoryMiB: number;
  /** Undefined: none. */
  readonly timeoutMs: number | undefined;
  /** How long the VM may be silent from its start on; undefined: as long as it likes. */
  readonly lifeLimitMs: number | undefined;
  /** Asked when that time is over: whether there is another sign of life. */
  readonly isAlive: () => Promise<boolean>;
  /** The serial console, uncut. */
  readonly onSerial: (chunk: Uint8Array) => void;
  readonly sink: SerialSink;
  readonly signal: AbortSignal | undefined;
}

/** Why a VM is over: QEMU ended, or was stopped since … */
export type VmEndReason =
  | 'ended'
  | 'timed-out'
  /** the kernel had given up and hung, */
  | 'hung'
  /** it showed no sign of life in time, */
  | 'lifeless'
  /** its accelerator gave up. */
  | 'accelerator-failed';

export interface VmRun {
  readonly reason: VmEndReason;
  /** QEMU's own; undefined when it was stopped or a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** What QEMU itself said, its end. */
  readonly stderr: string;
  readonly serialBytes: number;
  readonly kernel: KernelFacts;
  /** The end of what the program printed. */
  readonly output: string;
  /** From the start of QEMU to the first byte on the serial console. */
  readonly bootTimeMs: number | undefined;
  readonly wallTimeMs: number;
  readonly peakMemoryBytes: number | undefined;
}

/** A kernel that has given up ends QEMU within milliseconds, or never. */
const HUNG_AFTER_MS = 2000;
/** An unfinished line is passed on when nothing follows for so long. */
const FLUSH_AFTER_MS = 50;
/** One that may become the kernel's has longer: a busy machine stops a VM in the middle of a line. */
const FLUSH_ALL_AFTER_MS = 1000;
const OUTPUT_KEPT = 64 * 1024;

/**
 * Runs QEMU until it ends or has to be stopped. When the promise settles, it is gone.
 *
 * @throws PVM_CANCELLED
 */
export async function runVm(call: VmCall): Promise<VmRun> {
  const observer = new VmObserver(call);
  const stop = AbortSignal.any([observer.stopSignal, ...(call.signal === undefined ? [] : [call.signal])]);
  let end: Pick<VmRun, 'reason' | 'exitCode' | 'signal'> = { reason: 'ended', exitCode: undefined, signal: undefined };
  try {
    const { exitCode, signal } = await runProgram({
      program: call.qemu, args: call.args,
      endsWithUs: true,
      accept: 'any',
      keepBytes: 1,
      missing: { purpose: 'boot an image', install: 'apt-get install qemu-system-x86' },
      onStart: observer.onStart.bind(observer),
      onOutput: (chunk, stream) => {
        if (stream === 'stdout') observer.onSerial(chunk);
        else observer.onComplaint(chunk);
      },
      ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
      signal: stop,
    });
    end = { ...end, exitCode, signal };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'PVM_PROGRAM_TIMED_OUT') end = { ...end, reason: 'timed-out' };
    else if (code === 'PVM_CANCELLED' && observer.stopReason !== undefined) end = { ...end, reason: observer.stopReason };
    else if (code === 'PVM_CANCELLED') throw new PackageVmError('PVM_CANCELLED', 'The VM was stopped on request', { cause: error });
    else throw error;
  } finally {
    observer.close();
  }
  return { ...end, ...observer.seen() };
}

/** What is seen of a VM while it runs, and when it has to be stopped. */
class VmObserver {
  stopReason: Exclude<VmEndReason, 'ended' | 'timed-out'> | undefined;
  readonly #call: VmCall;
  readonly #stop = new AbortController();
  readonly #memory: GuestMemoryWatch;
  readonly #kernel = new KernelWatch();
  readonly #reader: SerialReader;
  #startTime = performance.now();
  #bootTimeMs: number | undefined;
  #serialBytes = 0;
  #output = '';
  #stderr = '';
  #lifeTimer: NodeJS.Timeout | undefined;
  #hungTimer: NodeJS.Timeout | undefined;
  #flushTimer: NodeJS.Timeout | undefined;

  constructor(call: VmCall) {
    this.#call = call;
    this.#memory = new GuestMemoryWatch(call.memoryMiB);
    this.#reader = new SerialReader({
      program: (bytes) => {
        this.#output += Buffer.from(bytes).toString();
        if (this.#output.length > 2 * OUTPUT_KEPT) this.#output = this.#output.slice(-OUTPUT_KEPT);
        this.#kernel.seeProgram(bytes);
        this.#watchHang();
        call.sink.program(bytes);
      },
      kernel: (line, phase) => {
        this.#kernel.see(line, phase);
        this.#watchHang();
        call.sink.kernel(line, phase);
      },
    });
  }

  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  onStart(pid: number): void {
    this.#startTime = performance.now();
    this.#memory.start(pid);
    if (this.#call.lifeLimitMs !== undefined) this.#lifeTimer = setTimeout(() => void this.#judgeLife(), this.#call.lifeLimitMs);
  }

  onSerial(chunk: Uint8Array): void {
    this.#bootTimeMs ??= performance.now() - this.#startTime;
    this.#serialBytes += chunk.length;
    clearTimeout(this.#lifeTimer);
    this.#call.onSerial(chunk);
    this.#reader.push(chunk);
    clearTimeout(this.#flushTimer);
    this.#flushTimer = setTimeout(() => {
      if (this.#reader.flush()) this.#flushTimer = setTimeout(() => { this.#reader.flushAll(); }, FLUSH_ALL_AFTER_MS);
    }, FLUSH_AFTER_MS);
  }

  onComplaint(chunk: Uint8Array): void {
    this.#stderr = (this.#stderr + Buffer.from(chunk).toString()).slice(-OUTPUT_KEPT);
    // QEMU then keeps the VM for a debugger, for ever
    if (this.#stderr.includes('KVM internal error')) this.#stopFor('accelerator-failed');
  }

  close(): void {
    this.#memory.stop();
    for (const timer of [this.#lifeTimer, this.#hungTimer, this.#flushTimer]) clearTimeout(timer);
    this.#reader.end();
    clearTimeout(this.#hungTimer);
  }

  seen(): Omit<VmRun, 'reason' | 'exitCode' | 'signal'> {
    return {
      stderr: this.#stderr,
      serialBytes: this.#serialBytes,
      kernel: this.#kernel.facts,
      output: this.#output,
      bootTimeMs: this.#bootTimeMs,
      wallTimeMs: performance.now() - this.#startTime,
      peakMemoryBytes: this.#memory.peakBytes,
    };
  }

  #watchHang(): void {
    if (this.#kernel.facts.hasGivenUp) {
      this.#hungTimer ??= setTimeout(() => { this.#stopFor('hung'); }, HUNG_AFTER_MS);
      return;
    }
    clearTimeout(this.#hungTimer);
    this.#hungTimer = undefined;
  }

  async #judgeLife(): Promise<void> {
    if (!(await this.#call.isAlive()) && this.#serialBytes === 0) this.#stopFor('lifeless');
  }

  #stopFor(reason: Exclude<VmEndReason, 'ended' | 'timed-out'>): void {
    this.stopReason ??= reason;
    this.#stop.abort();
  }
}
