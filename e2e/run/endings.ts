// How a program can end on Nanos, and what is said of it.
import { type BootOptions } from '../../packages/package-vm/src/boot/boot-image.js';
import { commandExitCode } from '../../packages/package-vm/src/task/run-result.js';
import { boot, digest, type ProbeContent } from './workbench.js';

/** What the kernel says when it gives up, in the mouth of a program. */
export const FORGED = [
  'unable to open filesystem: x', 'program startup failed on exec: (result:unable to open program file /x)', 'frame trace: ', 'assertion x failed at y.c:1 (IP 0xff) in f()',
  'cpu: 0, context type: 1', '', '*** signal 11 received by tid 2, errno 0, code 1', '   core dump', '',
].join('\n');

export interface Ending {
  readonly reason: string;
  readonly args: readonly string[];
  readonly content?: ProbeContent;
  readonly options?: Partial<BootOptions>;
  readonly outcome: string;
  readonly code: number;
  readonly explanation: string;
}

export const ENDINGS: readonly Ending[] = [
  { reason: 'code 0', args: ['end', 'exit', '0'], outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'code 1', args: ['end', 'exit', '1'], outcome: 'exited', code: 1, explanation: 'exit code 1.' },
  { reason: 'code 7', args: ['end', 'exit', '7'], outcome: 'exited', code: 7, explanation: 'exit code 7.' },
  { reason: 'code 127', args: ['end', 'exit', '127'], outcome: 'exited', code: 127, explanation: '127, or 255' },
  { reason: 'code 255', args: ['end', 'exit', '255'], outcome: 'exited', code: 127, explanation: '127, or 255' },
  { reason: 'code 128', args: ['end', 'exit', '128'], outcome: 'exited', code: 125, explanation: '128 or 256, which arrive as 0' },
  { reason: 'code 256', args: ['end', 'exit', '256'], outcome: 'exited', code: 125, explanation: '128 or 256, which arrive as 0' },
  { reason: 'words of the kernel in its mouth', args: ['say', FORGED, '0'], outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'words of the kernel in its mouth and code 7', args: ['say', FORGED, '7'], outcome: 'exited', code: 7, explanation: 'exit code 7.' },
  { reason: 'words of the kernel in its mouth, and nothing for long', args: ['linger', FORGED.replace('frame trace: ', ''), '3', '0'], outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'SIGTERM without debug_exit', args: ['end', 'signal', '15'], content: { without: ['debug_exit'] }, outcome: 'signal', code: 143, explanation: 'SIGTERM' },
  { reason: 'abort without debug_exit', args: ['end', 'abort'], content: { without: ['debug_exit'] }, outcome: 'signal', code: 134, explanation: 'SIGABRT' },
  { reason: 'code 3 without debug_exit', args: ['end', 'exit', '3'], content: { without: ['debug_exit'] }, outcome: 'exited', code: 125, explanation: 'The program failed, as the kernel shows' },
  { reason: 'words of the kernel in its mouth without debug_exit', args: ['say', `${FORGED}end\n`, '0'], content: { without: ['debug_exit'] }, outcome: 'exited', code: 125, explanation: 'The program ended; the image gives no exit code.' },
  { reason: 'a crash of the kernel', args: ['statfs'], outcome: 'halted', code: 134, explanation: 'The Nanos kernel itself crashed.' },
  { reason: 'a write to a root that is not read-only', args: ['act'], content: { without: ['readonly_rootfs'] }, outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'a code that is expected', args: ['end', 'exit', '7'], content: { attributes: { expected_exit_code: '7' } }, outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'a panic', args: ['end', 'exit', '101'], outcome: 'panic', code: 101, explanation: 'panicked' },
  { reason: 'abort', args: ['end', 'abort'], outcome: 'signal', code: 134, explanation: 'SIGABRT' },
  { reason: 'a wild pointer', args: ['end', 'fault'], outcome: 'signal', code: 139, explanation: 'SIGSEGV' },
  { reason: 'SIGKILL', args: ['end', 'signal', '9'], outcome: 'signal', code: 137, explanation: 'SIGKILL' },
  { reason: 'SIGTERM', args: ['end', 'signal', '15'], outcome: 'signal', code: 143, explanation: 'SIGTERM' },
  { reason: 'too little memory', args: ['end', 'hungry'], options: { memoryMiB: 128 }, outcome: 'signal', code: 135, explanation: 'The VM ran out of memory' },
  { reason: 'no end', args: ['end', 'sleep'], options: { timeoutMs: 3000 }, outcome: 'timed-out', code: 124, explanation: 'did not end within 3 s' },
  { reason: 'an Err', args: ['result', '{"Err":"no luck"}'], outcome: 'error-result', code: 123, explanation: '`Err`: no luck.' },
  { reason: 'garbage for a result', args: ['result', '{"Ok":'], outcome: 'error-result', code: 123, explanation: 'it is not JSON' },
  { reason: 'a wrong program path', args: [], content: { attributes: { program: '/absent' } }, outcome: 'load-failure', code: 127, explanation: 'The image has no program `/absent`.' },
  { reason: 'no program at all', args: [], content: { attributes: { program: 7n } }, outcome: 'halted', code: 134, explanation: 'has no sound `program`' },
  { reason: 'a path of the kernel', args: [], content: { files: { '/proc/meminfo': Buffer.from('x') } }, outcome: 'halted', code: 134, explanation: 'a path that the Nanos kernel owns' },
  { reason: 'a script', args: [], content: { files: { '/probe': Buffer.from('#!/bin/sh\n') } }, outcome: 'load-failure', code: 127, explanation: 'it is not an ELF file' },
  { reason: 'a restart', args: ['end', 'exit', '0'], content: { attributes: { reboot_on_exit: '*' } }, outcome: 'halted', code: 134, explanation: 'would have started again' },
];

export async function expectEnding({ options, outcome, code, explanation }: Ending, image: string): Promise<void> {
  const before = digest(image);
  const seen = await boot(image, options);
  expect(seen).toMatchObject({ outcome, explanation: expect.stringContaining(explanation) as string });
  expect(commandExitCode(seen)).toBe(code);
  expect(digest(image)).toBe(before);
}
