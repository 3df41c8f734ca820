import { describeRun } from '../task/describe-run.js';
import { type RunResult } from '../task/run-result.js';
import { writeJson } from './json.js';
import { type Terminal } from './terminal.js';

/** Prints how a run ended as JSON, bytes of the result as a list of numbers. */
export async function writeRunJson(result: RunResult, terminal: Terminal): Promise<void> {
  const { taskResult } = result;
  await writeJson(terminal, { ...result, taskResult: taskResult?.kind === 'ok' ? { ...taskResult, data: [...taskResult.data] } : taskResult });
}

/** Tells people how a run ended. */
export function tellRun(result: RunResult, terminal: Terminal): void {
  for (const line of describeRun(result)) terminal.note(line);
}

/** Passes a program's output on: data to stdout, unless that is for JSON. */
export class ProgramOutput {
  readonly #terminal: Terminal;
  readonly #isJson: boolean;
  #endsLine = true;

  constructor(terminal: Terminal, isJson: boolean) {
    this.#terminal = terminal;
    this.#isJson = isJson;
  }

  take(chunk: Uint8Array, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.#endsLine = chunk.at(-1) === LINE_FEED;
    if (stream === 'stdout' && !this.#isJson) void this.#terminal.out(chunk);
    else this.#terminal.pass(chunk);
  }

  /** Ends a line that the program left open, so that ours begin on one of their own. */
  end(): void {
    if (!this.#endsLine) this.#terminal.pass('\n');
  }
}

const LINE_FEED = 0x0a;
