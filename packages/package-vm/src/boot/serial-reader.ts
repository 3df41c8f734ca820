import { type BootPhase, DUMP_MESSAGE, FATE_MESSAGE, KERNEL_TEXT_WITHIN_LINE, STAMP, isDumpLine, isKernelLine, mayBecomeKernelLine } from './kernel-messages.js';

export interface SerialSink {
  /** What the program printed, uncut. */
  program(bytes: Uint8Array): void;
  /** A line of the kernel or its boot loader, without its end, and how far the boot was before it. */
  kernel(line: string, phase: BootPhase): void;
}

/** Longer lines are the program's. */
const HELD_MAX = 4096;

/** Kernel text that begins with a line feed of its own. */
const BEGINS_WITH_BLANK = /^(?:frame trace:|kernel load offset |loaded klibs: |stack trace:|cpu:? |\*\*\* signal )/;

/**
 * Takes the serial console apart into the program's output and the kernel's lines. A line is held until it ends, since only then
 * it is known whose it is; `flush` gives what is held to the program, for one that waits for an answer or draws progress.
 */
export class SerialReader {
  readonly #sink: SerialSink;
  // one character a byte: what a program prints need not be text
  #held = '';
  /** An empty line is held that may be the beginning of a kernel message. */
  #hasBlank = false;
  /** A part of the line is given away already. */
  #isMidLine = false;
  #isInDump = false;
  #phase: BootPhase = 'loader';
  #program = '';

  constructor(sink: SerialSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    const lines = (this.#held + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')).split('\n');
    this.#held = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#held.length > HELD_MAX) this.#giveHeld();
    this.#giveProgram();
  }

  /** Waits no longer for the end of a line, unless it may become the kernel's; tells whether something is held still. */
  flush(): boolean {
    if (this.#isInDump || mayBecomeKernelLine(this.#held)) return this.#held !== '';
    this.flushAll();
    return false;
  }

  /** Waits for nothing. */
  flushAll(): void {
    this.#giveHeld();
    this.#giveProgram();
  }

  end(): void {
    if (this.#isKernels(this.#held) && this.#held !== '') this.#kernel(this.#held);
    else this.#giveHeld();
    this.#held = '';
    this.#giveProgram();
  }

  #take(line: string): void {
    const isMidLine = this.#isMidLine;
    this.#isMidLine = false;
    const isKernels = this.#isKernels(line);
    this.#isInDump &&= isKernels;
    if (isKernels) {
      if (BEGINS_WITH_BLANK.test(line)) this.#hasBlank = false;
      this.#kernel(line);
      this.#isInDump = DUMP_MESSAGE.test(line) || (this.#isInDump && !FATE_MESSAGE.test(line));
    } else if (line === '' && !isMidLine) {
      this.#give('');
      this.#hasBlank = true;
    } else {
      const { index = line.length } = KERNEL_TEXT_WITHIN_LINE.exec(line) ?? {};
      this.#give(index === line.length ? `${line}\n` : line.slice(0, index));
      if (index < line.length) this.#kernel(line.slice(index));
    }
  }

  #isKernels(line: string): boolean {
    return (this.#isInDump && isDumpLine(line)) || isKernelLine(line, this.#phase);
  }

  #kernel(line: string): void {
    this.#give('');
    this.#giveProgram();
    if (this.#phase === 'loader' && STAMP.test(line)) this.#phase = 'kernel';
    this.#sink.kernel(Buffer.from(line, 'latin1').toString(), this.#phase);
  }

  #giveHeld(): void {
    this.#give(this.#held);
    this.#isMidLine ||= this.#held !== '';
    this.#isInDump &&= this.#held === '';
    this.#held = '';
  }

  /** Collects program output, with the empty line before it. */
  #give(text: string): void {
    if (/\S/.test(text)) this.#phase = 'program';
    this.#program += this.#hasBlank ? `\n${text}` : text;
    this.#hasBlank = false;
  }

  #giveProgram(): void {
    if (this.#program === '') return;
    this.#sink.program(Buffer.from(this.#program, 'latin1'));
    this.#program = '';
  }
}
