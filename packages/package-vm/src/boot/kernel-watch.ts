import { type Explanation } from '../task/explain-exit.js';
import { END_MESSAGES, FATE_MESSAGE, OUT_OF_MEMORY_MESSAGE, SHUTDOWN_ERROR_MESSAGE, SIGNAL_MESSAGE, STAMP, TOLD_MESSAGES } from './kernel-messages.js';

/** What the kernel said in a run. */
export interface KernelFacts {
  /** Why it gave up. */
  readonly end: Pick<Explanation, 'outcome' | 'explanation' | 'hint'> | undefined;
  /** The signal that ended the program, where the kernel names it. */
  readonly signal: number | undefined;
  /** Whether the kernel ended the program, as it does after a signal. */
  readonly hasEndedProgram: boolean;
  readonly isOutOfMemory: boolean;
  /** How often it could not write to the disk at the end. */
  readonly shutdownErrors: number;
  /** Whether Nanos itself spoke, rather than a boot loader. */
  readonly hasNanosSpoken: boolean;
  readonly notes: readonly string[];
}

/** Collects what the kernel's lines say. */
export class KernelWatch {
  #facts: KernelFacts = { end: undefined, signal: undefined, hasEndedProgram: false, isOutOfMemory: false, shutdownErrors: 0, hasNanosSpoken: false, notes: [] };

  get facts(): KernelFacts {
    return this.#facts;
  }

  see(line: string): void {
    const { end, notes, shutdownErrors, ...seen } = this.#facts;
    const signal = SIGNAL_MESSAGE.exec(line)?.[1];
    const note = firstMatch(TOLD_MESSAGES, line, ({ note: text }, match) => fill(text, match));
    this.#facts = {
      // the first one is the cause
      end: end ?? firstMatch(END_MESSAGES, line, ({ outcome, explanation, hint }, match) => ({ outcome, explanation: fill(explanation, match), hint })),
      signal: seen.signal ?? (signal === undefined ? undefined : Number(signal)),
      hasEndedProgram: seen.hasEndedProgram || FATE_MESSAGE.test(line),
      isOutOfMemory: seen.isOutOfMemory || OUT_OF_MEMORY_MESSAGE.test(line),
      shutdownErrors: shutdownErrors + (SHUTDOWN_ERROR_MESSAGE.test(line) ? 1 : 0),
      hasNanosSpoken: seen.hasNanosSpoken || STAMP.test(line),
      notes: note === undefined || notes.includes(note) ? notes : [...notes, note],
    };
  }
}

function firstMatch<Row extends { readonly pattern: RegExp }, Result>(rows: readonly Row[], line: string, use: (row: Row, match: RegExpExecArray) => Result): Result | undefined {
  for (const row of rows) {
    const match = row.pattern.exec(line);
    if (match !== null) return use(row, match);
  }
  return undefined;
}

function fill(text: string, match: RegExpExecArray): string {
  return text.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
}
