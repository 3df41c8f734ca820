import { FATE_MESSAGE, KERNEL_TEXT_WITHIN_LINE, SIGNAL_MESSAGE, isKernelLine } from './kernel-messages.js';

export interface SerialSink {
  /** What the program printed, uncut. */
  program(bytes: Uint8Array): void;
  /** A line of the kernel, without its end. */
  kernel(line: string): void;
}

/** Longer lines are the program's. */
const HELD_MAX = 4096;

/** Kernel text that begins with a line feed of its own. */
const BEGINS_WITH_BLANK = /^(?:frame trace:|kernel load offset |loaded klibs: |stack trace:|cpu:? )/;

/**
 * Takes the serial console apart into the program's output and the kernel's lines. A line is held until it ends, since only then
 * it is known whose it is; `flush` gives what is held to the program, for one that waits for an answer or draws progress.
 */
export class SerialReader {
  readonly #sink: SerialSink;
  // one character a byte: what a program prints need not be text
  #held = '';
  /** Empty lines that may be the beginning of a kernel message. */
  #blanks = 0;
  /** A part of the line is given away already. */
  #isMidLine = false;
  #isInDump = false;
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

  /** Waits no longer for the end of a line. */
  flush(): void {
    if (this.#isInDump) return;
    this.#giveHeld();
    this.#giveProgram();
  }

  end(): void {
    if (this.#isInDump || isKernelLine(this.#held)) this.#sink.kernel(this.#held);
    else this.#giveHeld();
    this.#held = '';
    this.#giveProgram();
  }

  #take(line: string): void {
    const isMidLine = this.#isMidLine;
    this.#isMidLine = false;
    if (this.#isInDump) {
      this.#isInDump = !FATE_MESSAGE.test(line);
      this.#kernel(line);
    } else if (line === '' && !isMidLine) {
      this.#blanks += 1;
    } else if (SIGNAL_MESSAGE.test(line)) {
      this.#blanks = Math.max(0, this.#blanks - 1);
      this.#isInDump = true;
      this.#kernel(line);
    } else if (isKernelLine(line)) {
      if (BEGINS_WITH_BLANK.test(line)) this.#blanks = Math.max(0, this.#blanks - 1);
      this.#kernel(line);
    } else {
      const { index = line.length } = KERNEL_TEXT_WITHIN_LINE.exec(line) ?? {};
      this.#give(index === line.length ? `${line}\n` : line.slice(0, index));
      if (index < line.length) this.#kernel(line.slice(index));
    }
  }

  #kernel(line: string): void {
    this.#give('');
    this.#giveProgram();
    this.#sink.kernel(Buffer.from(line, 'latin1').toString());
  }

  #giveHeld(): void {
    this.#give(this.#held);
    this.#isMidLine ||= this.#held !== '';
    this.#held = '';
  }

  /** Collects program output, with the empty lines before it. */
  #give(text: string): void {
    this.#program += '\n'.repeat(this.#blanks) + text;
    this.#blanks = 0;
  }

  #giveProgram(): void {
    if (this.#program === '') return;
    this.#sink.program(Buffer.from(this.#program, 'latin1'));
    this.#program = '';
  }
}
