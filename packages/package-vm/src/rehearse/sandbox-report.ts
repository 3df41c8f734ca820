import { posix } from 'node:path';

/** How the init says that the program ended, or why it never began. */
export type SandboxEnd =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly number: number }
  /** execve gave this error number. */
  | { readonly kind: 'exec-failed'; readonly errno: number }
  /** A step of building the sandbox failed. */
  | { readonly kind: 'failed'; readonly step: string; readonly errno: number };

/** What the init saw. */
export interface SandboxReport {
  /** Undefined when the init itself was killed. */
  readonly end: SandboxEnd | undefined;
  readonly peakMemoryBytes: number | undefined;
  /** Numbers of system calls that were refused and worth telling, each once. */
  readonly refusedCalls: readonly number[];
  /** Guest paths outside the workspace that the program tried to write to, each once. */
  readonly writtenPaths: readonly string[];
  /** Limits that this machine allows only in part: name → value. */
  readonly lowerLimits: ReadonlyMap<string, number>;
}

/** Reads the lines `word number text` of the init (`report` in `init/init.c`). */
export function readSandboxReport(text: string): SandboxReport {
  const lines = text.split('\n').map((line) => /^(\S+) (-?\d+) (.*)$/s.exec(line)).filter((match) => match !== null);
  const all = (word: string): { readonly number: number; readonly text: string }[] =>
    lines.filter((match) => match[1] === word).map((match) => ({ number: Number(match[2]), text: match[3] ?? '' }));
  const peakKiB = all('peak')[0]?.number;
  return {
    end: readEnd(all),
    peakMemoryBytes: peakKiB === undefined ? undefined : peakKiB * 1024,
    refusedCalls: [...new Set(all('refused').map(({ number }) => number))],
    writtenPaths: [...new Set(all('wrote').map((line) => posix.normalize(line.text)))],
    lowerLimits: new Map(all('limit').map((line) => [line.text, line.number])),
  };
}

/** A failure is told before the end of the process that met it. */
function readEnd(all: (word: string) => { readonly number: number; readonly text: string }[]): SandboxEnd | undefined {
  const [failed] = all('failed');
  if (failed !== undefined) return { kind: 'failed', step: failed.text, errno: failed.number };
  const [notExecuted] = all('exec-failed');
  if (notExecuted !== undefined) return { kind: 'exec-failed', errno: notExecuted.number };
  const [exit] = all('exit');
  if (exit !== undefined) return { kind: 'exit', code: exit.number };
  const [signal] = all('signal');
  return signal === undefined ? undefined : { kind: 'signal', number: signal.number };
}
