// On what a rehearsal and a boot agree, and where they differ.
import { rehearse } from '../../packages/package-vm/src/rehearse/rehearse.js';
import { type RunResult, commandExitCode } from '../../packages/package-vm/src/task/run-result.js';
import { at, boot, digest, type ProbeContent, type Seen } from './workbench.js';

interface BothRow {
  readonly reason: string;
  readonly args: readonly string[];
  readonly content?: ProbeContent;
  readonly options?: BothOptions;
}

interface BothOptions {
  readonly timeoutMs?: number;
  readonly memoryMiB?: number;
}

/** On what a rehearsal and a boot agree: output, result, files, outcome and code. */
export const AGREED: readonly BothRow[] = [
  { reason: 'code 0', args: ['end', 'exit', '0'] },
  { reason: 'code 1', args: ['end', 'exit', '1'] },
  { reason: 'code 7', args: ['end', 'exit', '7'] },
  { reason: 'code 127', args: ['end', 'exit', '127'] },
  { reason: 'a panic', args: ['end', 'exit', '101'] },
  { reason: 'abort', args: ['end', 'abort'] },
  { reason: 'SIGKILL', args: ['end', 'signal', '9'] },
  { reason: 'SIGSEGV', args: ['end', 'fault'] },
  { reason: 'SIGTERM', args: ['end', 'signal', '15'] },
  { reason: 'an exit with threads', args: ['end', 'thread-exit', '5'] },
  { reason: 'a time-out', args: ['end', 'sleep'], options: { timeoutMs: 3000 } },
  { reason: 'an Ok', args: ['result', '{"Ok":{"id":"1","data":[7],"files":[]}}'] },
  { reason: 'an Err', args: ['result', '{"Err":"no luck"}'] },
  { reason: 'garbage for a result', args: ['result', '{"Ok":'] },
  { reason: 'output without a line feed', args: ['say', 'wört', '3'] },
  { reason: 'a write to the read-only root, and what else a program may do', args: ['act'] },
  { reason: 'a wrong program path', args: [], content: { attributes: { program: '/absent' } } },
  { reason: 'a missing interpreter', args: [], content: { files: { '/probe': { hostPath: at('dynamic') } } } },
  { reason: 'a missing library', args: [], content: { files: { '/probe': { hostPath: at('dynamic') }, '/lib64/ld-linux-x86-64.so.2': { hostPath: '/lib64/ld-linux-x86-64.so.2' } } } },
  { reason: 'a script', args: [], content: { files: { '/probe': Buffer.from('#!/bin/sh\n') } } },
  { reason: 'a path of the kernel', args: [], content: { files: { '/proc/meminfo': Buffer.from('x') } } },
];

/** Where they differ, as docs/rehearsing.md says: outcome and the command's exit code. */
export const DIFFERING: readonly (BothRow & { readonly rehearsed: readonly [string, number]; readonly booted: readonly [string, number] })[] = [
  { reason: 'code 128, which arrives as 0', args: ['end', 'exit', '128'], rehearsed: ['exited', 128], booted: ['exited', 125] },
  { reason: 'code 255, which arrives as 127', args: ['end', 'exit', '255'], rehearsed: ['exited', 255], booted: ['exited', 127] },
  { reason: 'code 256, which is 0 on Linux', args: ['end', 'exit', '256'], rehearsed: ['exited', 0], booted: ['exited', 125] },
  { reason: 'a code that is expected', args: ['end', 'exit', '7'], content: { attributes: { expected_exit_code: '7' } }, rehearsed: ['exited', 7], booted: ['exited', 0] },
  { reason: 'code 0 of an image without debug_exit', args: ['end', 'exit', '0'], content: { without: ['debug_exit'] }, rehearsed: ['exited', 0], booted: ['exited', 125] },
  { reason: 'memory that runs out', args: ['end', 'hungry'], options: { memoryMiB: 128 }, rehearsed: ['signal', 134], booted: ['signal', 135] },
  { reason: 'a crash of the kernel', args: ['statfs'], rehearsed: ['exited', 0], booted: ['halted', 134] },
];

interface Both {
  readonly booted: Seen;
  readonly rehearsed: RunResult & { readonly output: string };
}

/** Rehearses and boots an image, which neither changes. */
export async function both(image: string, options: BothOptions = {}): Promise<Both> {
  const before = digest(image);
  let output = '';
  const rehearsed = await rehearse({ imagePath: image, memoryMiB: 512, ...options, onOutput: (chunk) => (output += Buffer.from(chunk).toString()) });
  const booted = await boot(image, options);
  expect(digest(image)).toBe(before);
  return { booted, rehearsed: { ...rehearsed, output } };
}

export async function expectAgreement(image: string, options?: BothOptions): Promise<void> {
  const agreed = (result: RunResult & { readonly output: string }): object => {
    const { output, outcome, exitCode, signal, taskResult, outputFiles } = result;
    return { output, outcome, exitCode, signal, taskResult, outputFiles, code: commandExitCode(result) };
  };
  const { rehearsed, booted } = await both(image, options);
  expect(agreed(booted)).toEqual(agreed(rehearsed));
}

/** What a program sees, but for the version, what the kernel takes for itself, limits that a machine may set lower, and the order of the environment, which is none. */
export function lines(output: string): string[] {
  return output.split('\n').filter((line) => !/^(?:Mem|Cached|memory|limit [03]|uname|environment: (?:OPS|NANOS)_VERSION)/.test(line)).sort();
}
