import { type ObservedBoot, codeNotes, explainBoot } from './explain-boot.js';
import { type ImageFacts } from './image-facts.js';
import { type KernelFacts } from './kernel-watch.js';
import { type VmRun } from './run-vm.js';

const IMAGE: ImageFacts = {
  program: '/p', share: { mountPoint: '/workspace', isReadonly: false }, otherMounts: [], isReadonlyRoot: true,
  hasDebugExit: true, hasExpectedCode: false, isRebooting: false, isIdling: false, hasSelfExe: true, programFault: undefined,
};
const KERNEL: KernelFacts = { end: undefined, hasGivenUp: false, isLastWord: true, signal: undefined, hasEndedProgram: false, isOutOfMemory: false, shutdownErrors: 0, hasNanosSpoken: true, notes: [] };
const RUN: VmRun = { reason: 'ended', exitCode: 1, signal: undefined, stderr: '', serialBytes: 9, kernel: KERNEL, output: '', bootTimeMs: 1, wallTimeMs: 2, peakMemoryBytes: undefined };

interface Case {
  readonly run?: Partial<VmRun>;
  readonly kernel?: Partial<KernelFacts>;
  readonly image?: Partial<ImageFacts>;
  readonly rest?: Partial<ObservedBoot>;
}

function seen({ run, kernel, image, rest }: Case): ObservedBoot {
  return { run: { ...RUN, ...run, kernel: { ...KERNEL, ...kernel } }, image: { ...IMAGE, ...image }, taskResult: undefined, hasTask: false, timeoutMs: 2000, accelerator: 'kvm', ...rest };
}

const HALT = { outcome: 'halted', explanation: 'It halted.', hint: undefined, codes: [126, 127] } as const;
const SILENT = { run: { exitCode: 0 }, image: { hasDebugExit: false } } as const;
const OK = { kind: 'ok', id: '1', data: new Uint8Array(), files: [] } as const;

describe('explainBoot', () => {
  it.each<Case & { reason: string; outcome: string; exitCode?: number; signal?: string; hasFailed?: boolean; explanation: string; hint?: string }>([
    { reason: 'code 0', run: { exitCode: 1 }, outcome: 'exited', exitCode: 0, explanation: 'exit code 0.' },
    { reason: 'code 1', run: { exitCode: 3 }, outcome: 'exited', exitCode: 1, explanation: 'exit code 1.' },
    { reason: 'code 7', run: { exitCode: 15 }, outcome: 'exited', exitCode: 7, explanation: 'exit code 7.' },
    { reason: 'code 126', run: { exitCode: 253 }, outcome: 'exited', exitCode: 126, explanation: 'exit code 126.' },
    { reason: 'code 127 and 255', run: { exitCode: 255 }, outcome: 'exited', exitCode: 127, explanation: '127, or 255, which arrives as the same' },
    { reason: 'a panic', run: { exitCode: 203, output: 'Read-only file system (os error 30)' }, outcome: 'panic', exitCode: 101, explanation: 'panicked', hint: 'Only `/workspace`' },
    { reason: 'a missing library', run: { exitCode: 255, output: 'p: error while loading shared libraries: libz.so.1: cannot open shared object file' }, outcome: 'load-failure', exitCode: 127, explanation: 'The library `libz.so.1`', hint: 'extraLibraries' },
    { reason: 'an Err', run: { exitCode: 3 }, rest: { taskResult: { kind: 'error', message: 'no' } }, outcome: 'error-result', exitCode: 1, explanation: '`Err`: no.' },
    { reason: 'a result that is due', rest: { hasTask: true }, outcome: 'error-result', exitCode: 0, explanation: 'wrote no `task_result.json`', hint: 'A node waits' },
    { reason: 'a signal', run: { exitCode: 13 }, kernel: { signal: 6, hasEndedProgram: true }, outcome: 'signal', signal: 'SIGABRT', explanation: 'SIGABRT' },
    { reason: 'SIGTERM, which has no message', run: { exitCode: 31 }, kernel: { hasEndedProgram: true }, outcome: 'signal', signal: 'SIGTERM', explanation: 'SIGTERM' },
    { reason: 'code 6, which is no signal', run: { exitCode: 13 }, outcome: 'exited', exitCode: 6, explanation: 'exit code 6.' },
    { reason: 'memory that ran out', run: { exitCode: 15 }, kernel: { signal: 7, isOutOfMemory: true }, outcome: 'signal', signal: 'SIGBUS', explanation: 'The VM ran out of memory: the program was ended by SIGBUS', hint: '--memory' },
    { reason: 'a script', run: { exitCode: 23 }, kernel: { signal: 11 }, image: { programFault: 'it is not an ELF file' }, outcome: 'load-failure', explanation: '`/p` is no program for Nanos: it is not an ELF file.', hint: '--target' },
    { reason: 'a message of the kernel', run: { exitCode: 255 }, kernel: { end: HALT }, outcome: 'halted', explanation: 'It halted.' },
    { reason: 'a message of the kernel behind which another processor prints', run: { exitCode: 255 }, kernel: { end: HALT, isLastWord: false }, outcome: 'halted', explanation: 'It halted.' },
    { reason: 'a kernel that hung', run: { reason: 'hung', exitCode: undefined }, kernel: { end: HALT, hasGivenUp: true }, outcome: 'halted', explanation: 'It halted.' },
    { reason: 'a kernel that hung and was stopped while another processor printed', run: { reason: 'hung', exitCode: undefined }, kernel: { end: HALT, isLastWord: false }, outcome: 'halted', explanation: 'It halted.' },
    { reason: 'a kernel that hung when time was up', run: { reason: 'timed-out', exitCode: undefined }, kernel: { end: HALT, hasGivenUp: true }, outcome: 'halted', explanation: 'It halted.' },
    { reason: 'a message of the kernel without a code', ...SILENT, kernel: { end: HALT }, outcome: 'halted', explanation: 'It halted.' },
    { reason: 'a program that prints such a message and goes on', ...SILENT, kernel: { end: HALT, isLastWord: false }, outcome: 'exited', hasFailed: false, explanation: 'The program ended;', hint: 'debug_exit' },
    { reason: 'a program that prints such a message and ends well', kernel: { end: HALT }, outcome: 'exited', exitCode: 0, explanation: 'exit code 0.' },
    { reason: 'a program that prints such a message and takes too long', run: { reason: 'timed-out', exitCode: undefined }, kernel: { end: HALT }, outcome: 'timed-out', explanation: 'did not end', hint: '--timeout' },
    { reason: 'a program that prints of a signal and ends well', kernel: { signal: 11, hasEndedProgram: true }, outcome: 'exited', exitCode: 0, explanation: 'exit code 0.' },
    { reason: 'a program that prints of another signal than its own', run: { exitCode: 13 }, kernel: { signal: 11, hasEndedProgram: true }, outcome: 'exited', exitCode: 6, explanation: 'exit code 6.' },
    { reason: 'a program that prints of a library and ends otherwise', run: { exitCode: 15, output: 'error while loading shared libraries: x: cannot open' }, outcome: 'exited', exitCode: 7, explanation: 'exit code 7.' },
    { reason: 'a program that prints of a library later', run: { exitCode: 255, output: 'up\nerror while loading shared libraries: x: cannot open' }, outcome: 'exited', exitCode: 127, explanation: '127, or 255' },
    { reason: 'SIGTERM without a code', ...SILENT, kernel: { hasEndedProgram: true, shutdownErrors: 1 }, outcome: 'signal', signal: 'SIGTERM', explanation: 'SIGTERM' },
    { reason: 'SIGABRT without a code', ...SILENT, kernel: { signal: 6, hasEndedProgram: true, shutdownErrors: 1 }, outcome: 'signal', signal: 'SIGABRT', explanation: 'SIGABRT' },
    { reason: 'a program that prints of a signal, without a code', ...SILENT, kernel: { signal: 6, hasEndedProgram: true }, outcome: 'exited', hasFailed: false, explanation: 'The program ended;', hint: 'debug_exit' },
    { reason: 'code 128, which arrives as 0', kernel: { shutdownErrors: 1 }, outcome: 'exited', hasFailed: true, explanation: 'exit code 128 or 256, which arrive as 0' },
    { reason: 'a root that is written to', kernel: { shutdownErrors: 1 }, image: { isReadonlyRoot: false }, outcome: 'exited', exitCode: 0, explanation: 'exit code 0.' },
    { reason: 'a `/proc/self/exe` that had to be made', kernel: { shutdownErrors: 1 }, image: { hasSelfExe: false }, outcome: 'exited', exitCode: 0, explanation: 'exit code 0.' },
    { reason: 'code 128 there too, after two', kernel: { shutdownErrors: 2 }, image: { hasSelfExe: false }, outcome: 'exited', hasFailed: true, explanation: '128 or 256' },
    { reason: 'a code that is expected, and so arrives as 0', kernel: { shutdownErrors: 1 }, image: { hasExpectedCode: true }, outcome: 'exited', exitCode: 0, explanation: 'exit code 0.' },
    { reason: 'a failure without a code, whatever the result', ...SILENT, kernel: { shutdownErrors: 1 }, rest: { hasTask: true, taskResult: OK }, outcome: 'exited', hasFailed: true, explanation: 'The program failed, as the kernel shows', hint: 'debug_exit' },
    { reason: 'a VM that ended in silence', run: { exitCode: 0, serialBytes: 0 }, outcome: 'halted', explanation: 'Nothing has booted', hint: 'package-vm verify-image' },
    { reason: 'a time-out of an emulated VM', run: { reason: 'timed-out', exitCode: undefined }, rest: { accelerator: 'tcg' }, outcome: 'timed-out', explanation: 'did not end', hint: 'several times slower' },
    { reason: 'a time-out', run: { reason: 'timed-out', exitCode: undefined }, outcome: 'timed-out', explanation: 'The program did not end within 2 s', hint: '--timeout' },
    { reason: 'a VM that never printed', run: { reason: 'timed-out', exitCode: undefined, serialBytes: 0 }, outcome: 'timed-out', explanation: 'does not seem to have booted', hint: '--accel tcg' },
    { reason: 'a VM that idles', run: { reason: 'timed-out', exitCode: undefined }, image: { isIdling: true }, outcome: 'timed-out', explanation: '`idle_on_exit`' },
    { reason: 'a reset', run: { exitCode: 0 }, outcome: 'halted', explanation: 'The VM was reset' },
    { reason: 'a VM that starts again', run: { exitCode: 0 }, image: { isRebooting: true }, outcome: 'halted', explanation: 'would have started again', hint: 'Leave out `RebootOnExit`' },
    { reason: 'no code', run: { exitCode: 0 }, image: { hasDebugExit: false }, outcome: 'exited', hasFailed: false, explanation: 'The program ended; the image gives no exit code.', hint: 'debug_exit' },
    { reason: 'no code but an Ok', run: { exitCode: 0 }, image: { hasDebugExit: false }, rest: { hasTask: true, taskResult: OK }, outcome: 'exited', hasFailed: false, explanation: 'The program ended; the image gives no exit code.', hint: 'debug_exit' },
    { reason: 'no code but an Err', run: { exitCode: 0 }, image: { hasDebugExit: false }, rest: { hasTask: true, taskResult: { kind: 'error', message: 'no' } }, outcome: 'error-result', explanation: '`Err`: no.' },
    { reason: 'no code and no result', run: { exitCode: 0 }, image: { hasDebugExit: false }, rest: { hasTask: true }, outcome: 'exited', hasFailed: false, explanation: 'The program ended without a `task_result.json`; the image', hint: 'A node waits' },
    { reason: 'no code and a missing library', run: { exitCode: 0, output: 'error while loading shared libraries: libz.so.1: cannot open' }, image: { hasDebugExit: false }, outcome: 'load-failure', explanation: 'The library `libz.so.1`', hint: 'extraLibraries' },
  ])('explains $reason', ({ outcome, exitCode, signal, hasFailed, explanation, hint, ...rest }) => {
    const found = explainBoot(seen(rest));
    expect(found).toMatchObject({ outcome, explanation: expect.stringContaining(explanation) as string });
    expect([found.exitCode, found.signal, found.hasFailed]).toEqual([exitCode, signal, hasFailed]);
    expect(found.hint).toEqual(hint === undefined ? undefined : expect.stringContaining(hint));
  });
});

describe('codeNotes', () => {
  it.each<Case & { reason: string; note: string | undefined }>([
    { reason: 'nothing after code 0', note: undefined },
    { reason: 'nothing after a code that is expected', kernel: { shutdownErrors: 1 }, image: { hasExpectedCode: true }, note: undefined },
    { reason: 'nothing where the explanation does', kernel: { shutdownErrors: 1 }, note: undefined },
    { reason: '128 or a write, after code 0', kernel: { shutdownErrors: 1 }, image: { isReadonlyRoot: false }, note: '128 or 256' },
    { reason: 'a failure or a write, without a code', run: { exitCode: 0 }, image: { hasDebugExit: false, isReadonlyRoot: false }, kernel: { shutdownErrors: 1 }, note: 'other than 0' },
    { reason: 'nothing after code 7', run: { exitCode: 15 }, image: { isReadonlyRoot: false }, kernel: { shutdownErrors: 1 }, note: undefined },
    { reason: 'what else arrives as 126', run: { exitCode: 253 }, note: '254' },
  ])('tells of $reason', ({ note, ...rest }) => {
    const notes = codeNotes(seen(rest));
    expect(notes.join()).toContain(note ?? '');
    expect(notes).toHaveLength(note === undefined ? 0 : 1);
  });
});
