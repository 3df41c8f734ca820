import { type Explanation } from '../task/explain-exit.js';
import { type BootPhase, FATE_MESSAGE, FAULT_CODE, HALT_CODE, OUT_OF_MEMORY_MESSAGE, SHUTDOWN_ERROR_MESSAGE, SIGNAL_MESSAGE, STAMP, TOLD_MESSAGES, TRACE_MESSAGE, findEndMessage } from './kernel-messages.js';

/** Why the kernel gave up, and the exit codes that may come with it. */
export interface KernelEnd extends Pick<Explanation, 'outcome' | 'explanation' | 'hint'> {
  readonly codes: readonly number[];
}

/** What the kernel said in a run, as far as its lines can be told from a program's that imitates them. */
export interface KernelFacts {
  readonly end: KernelEnd | undefined;
  /** Whether it showed its stack with that, as it does when it may hang afterwards; undone when the program goes on. */
  readonly hasGivenUp: boolean;
  /** Whether the program printed nothing after the kernel had told of an end. */
  readonly isLastWord: boolean;
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

const NOTES_MAX = 10;

/** Collects what the kernel's lines say. */
export class KernelWatch {
  #facts: KernelFacts = { end: undefined, hasGivenUp: false, isLastWord: false, signal: undefined, hasEndedProgram: false, isOutOfMemory: false, shutdownErrors: 0, hasNanosSpoken: false, notes: [] };
  #hasTrace = false;

  get facts(): KernelFacts {
    return this.#facts;
  }

  see(line: string, phase: BootPhase): void {
    const { notes, shutdownErrors, ...seen } = this.#facts;
    const signal = SIGNAL_MESSAGE.exec(line)?.[1];
    const end = endOf(line, phase);
    const isFate = FATE_MESSAGE.test(line);
    const note = noteOf(line);
    this.#hasTrace ||= TRACE_MESSAGE.test(line);
    // the first word of several is the cause
    const told = seen.isLastWord ? (seen.end ?? end) : (end ?? seen.end);
    const isLastWord = seen.isLastWord || end !== undefined || signal !== undefined || isFate;
    this.#facts = {
      end: told,
      // a boot loader has no stack
      hasGivenUp: told !== undefined && isLastWord && (this.#hasTrace || phase === 'loader'),
      isLastWord,
      signal: signal === undefined ? seen.signal : Number(signal),
      hasEndedProgram: seen.hasEndedProgram || isFate,
      isOutOfMemory: seen.isOutOfMemory || OUT_OF_MEMORY_MESSAGE.test(line),
      shutdownErrors: shutdownErrors + (SHUTDOWN_ERROR_MESSAGE.test(line) ? 1 : 0),
      hasNanosSpoken: seen.hasNanosSpoken || STAMP.test(line),
      notes: note === undefined || notes.includes(note) || notes.length === NOTES_MAX ? notes : [...notes, note],
    };
  }

  /** The program printed something: what looked like an end was none, or comes from another processor. */
  seeProgram(bytes: Uint8Array): void {
    if (bytes.every((byte) => byte <= SPACE)) return;
    this.#hasTrace = false;
    if (this.#facts.isLastWord) this.#facts = { ...this.#facts, hasGivenUp: false, isLastWord: false };
  }
}

const SPACE = 0x20;

function endOf(line: string, phase: BootPhase): KernelEnd | undefined {
  const found = findEndMessage(line, phase);
  if (found === undefined) return undefined;
  const { outcome, explanation, hint, codes = [FAULT_CODE, HALT_CODE] } = found.message;
  return { outcome, explanation: fill(explanation, found.match), hint, codes };
}

function noteOf(line: string): string | undefined {
  for (const { pattern, note } of TOLD_MESSAGES) {
    const match = pattern.exec(line);
    if (match !== null) return fill(note, match);
  }
  return undefined;
}

function fill(text: string, match: RegExpExecArray): string {
  return text.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
}
