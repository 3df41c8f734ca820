import { type RunResult } from '../task/run-result.js';
import { formatBytes, writeJson } from './json.js';
import { type Terminal } from './terminal.js';

/** Prints how a run ended as JSON, bytes of the result as a list of numbers. */
export async function writeRunJson(result: RunResult, terminal: Terminal): Promise<void> {
  const { taskResult } = result;
  await writeJson(terminal, { ...result, taskResult: taskResult?.kind === 'ok' ? { ...taskResult, data: [...taskResult.data] } : taskResult });
}

/** Tells people how a run ended; `measured` comes in parentheses behind the sentence. */
export function tellRun(result: RunResult, measured: readonly string[], terminal: Terminal): void {
  const { taskResult } = result;
  terminal.note(`${result.explanation} (${measured.join(', ')})`);
  if (result.hint !== undefined) terminal.note(`  ${result.hint}`);
  if (taskResult?.kind === 'ok') terminal.note(`Result: Ok, ${taskResult.data.length} bytes of data${printable(taskResult.data)}, files: ${taskResult.files.join(', ') || 'none'}`);
  if (taskResult?.kind === 'error') terminal.note(`Result: Err, ${JSON.stringify(taskResult.message)}`);
  for (const { path, sizeBytes } of result.outputFiles) terminal.note(`  ${path} (${formatBytes(sizeBytes)})`);
  for (const note of result.notes) terminal.note(`note: ${note}`);
}

/** `1.25 s` */
export function formatSeconds(timeMs: number): string {
  return `${(timeMs / 1000).toFixed(2)} s`;
}

/** Short text is shown, in quotes. */
function printable(data: Uint8Array): string {
  const text = Buffer.from(data).toString();
  return data.length > 0 && data.length <= 100 && /^[\x20-\x7E]+$/.test(text) ? ` (${JSON.stringify(text)})` : '';
}
