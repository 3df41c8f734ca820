import { describeRun } from '../task/describe-run.js';
import { ProgramOutput } from '../task/program-output.js';
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

/** Takes a program's output: data to stdout, unless that is for JSON. */
export function programOutput(terminal: Terminal, isJson: boolean): ProgramOutput {
  const stderr = (chunk: Uint8Array | string): void => {
    terminal.pass(chunk);
  };
  return new ProgramOutput({ stdout: isJson ? stderr : (chunk) => void terminal.out(chunk), stderr });
}
