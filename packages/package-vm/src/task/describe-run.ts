import { printable } from '@package-vm/errors';
import { formatBytes } from '../host-files/format-bytes.js';
import { type RunResult } from './run-result.js';
import { type TaskResult } from './task-result.js';

/** A rehearsal's result, or a boot's, which knows more. */
export interface DescribedRun extends RunResult {
  readonly bootTimeMs?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly accelerator?: string | undefined;
}

const LINES_MAX = 20;
const TEXT_MAX = 2000;
const DATA_MAX = 100;

/** What came of a run, for people, a line for each thing. What the program chose is shown so that no terminal obeys it, and cut where it is long. */
export function describeRun(run: DescribedRun): readonly string[] {
  const { outcome, explanation, hint, taskResult, outputFiles, notes } = run;
  return [
    `${shown(explanation)} (${measured(run).join(', ')})`,
    ...(hint === undefined ? [] : [`  ${shown(hint)}`]),
    // the sentence tells what is wrong with this one
    ...(taskResult === undefined || outcome === 'error-result' ? [] : [`Result: ${describeResult(taskResult)}`]),
    ...some(outputFiles.map(({ path, sizeBytes }) => `  ${shown(path)} (${formatBytes(sizeBytes)})`), '  … and'),
    ...some(notes.map((note) => `note: ${shown(note)}`), 'note: …'),
  ];
}

function measured({ wallTimeMs, bootTimeMs, peakMemoryBytes, memoryBytes, accelerator }: DescribedRun): readonly string[] {
  return [
    formatSeconds(wallTimeMs),
    ...(bootTimeMs === undefined ? [] : [`booted after ${formatSeconds(bootTimeMs)}`]),
    ...(peakMemoryBytes === undefined ? [] : [`at most ${formatBytes(peakMemoryBytes)}${memoryBytes === undefined ? '' : ` of ${formatBytes(memoryBytes)}`} of memory`]),
    ...(accelerator === undefined ? [] : [accelerator]),
  ];
}

function describeResult(result: TaskResult): string {
  switch (result.kind) {
    case 'ok':
      return `Ok, ${result.data.length} bytes of data${describeData(result.data)}, files: ${some(result.files.map(shown), 'and').join(', ') || 'none'}`;
    case 'error':
      return `Err, ${shown(JSON.stringify(result.message))}`;
    case 'invalid':
      return `none that a node can read: ${shown(result.problem)}`;
  }
}

/** Short text is shown, in quotes. */
function describeData(data: Uint8Array): string {
  const text = Buffer.from(data).toString();
  return data.length > 0 && data.length <= DATA_MAX && /^[\x20-\x7E]+$/.test(text) ? ` (${JSON.stringify(text)})` : '';
}

function some(lines: readonly string[], rest: string): readonly string[] {
  return lines.length <= LINES_MAX ? lines : [...lines.slice(0, LINES_MAX), `${rest} ${lines.length - LINES_MAX} more`];
}

function shown(text: string): string {
  return printable(text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text);
}

/** `1.25 s` */
function formatSeconds(timeMs: number): string {
  return `${(timeMs / 1000).toFixed(2)} s`;
}
