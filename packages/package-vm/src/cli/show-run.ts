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
