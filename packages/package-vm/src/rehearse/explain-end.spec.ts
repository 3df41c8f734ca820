import { type Outcome } from '../task/run-result.js';
import { type ObservedEnd, explainEnd } from './explain-end.js';

const seen = (rest: Partial<ObservedEnd>): ObservedEnd => ({ end: { kind: 'exit', code: 0 }, stderr: '', taskResult: undefined, hasTask: false, ...rest });
const exit = (code: number): ObservedEnd['end'] => ({ kind: 'exit', code });

describe('explainEnd', () => {
  it.each<{ reason: string; end: Partial<ObservedEnd>; outcome: Outcome; explanation: string; hint: string | undefined }>([
    { reason: 'success', end: {}, outcome: 'exited', explanation: 'exit code 0.', hint: undefined },
    { reason: 'success with a result', end: { hasTask: true, taskResult: { kind: 'ok', id: '1', data: new Uint8Array(), files: [] } }, outcome: 'exited', explanation: 'exit code 0.', hint: undefined },
    { reason: 'a result that is due', end: { hasTask: true }, outcome: 'error-result', explanation: 'wrote no `task_result.json`', hint: 'A node waits' },
    { reason: 'a failure', end: { end: exit(3), hasTask: true }, outcome: 'exited', explanation: 'exit code 3.', hint: undefined },
    { reason: 'a panic', end: { end: exit(101) }, outcome: 'panic', explanation: 'panicked', hint: undefined },
    { reason: 'an Err, whatever the code', end: { end: exit(1), taskResult: { kind: 'error', message: 'no' } }, outcome: 'error-result', explanation: '`Err`: no.', hint: undefined },
    { reason: 'a panic after an Err', end: { end: exit(101), taskResult: { kind: 'error', message: 'no' } }, outcome: 'panic', explanation: 'panicked', hint: undefined },
    { reason: 'a result that is none', end: { taskResult: { kind: 'invalid', problem: 'it is not JSON' } }, outcome: 'error-result', explanation: 'a node cannot read: it is not JSON.', hint: 'It must be' },
    { reason: 'a signal', end: { end: { kind: 'signal', number: 11 } }, outcome: 'signal', explanation: 'SIGSEGV (Nanos shows it as exit code 11)', hint: undefined },
    { reason: 'an exec that failed', end: { end: { kind: 'exec-failed', errno: 8 } }, outcome: 'load-failure', explanation: '(ENOEXEC)', hint: undefined },
    { reason: 'a write to the root', end: { end: exit(101), stderr: 'Os { code: 30, kind: ReadOnlyFilesystem, message: "Read-only file system" }' }, outcome: 'panic', explanation: 'panicked', hint: 'Only `/workspace`' },
    { reason: 'a spawn', end: { end: exit(1), stderr: 'Error: Function not implemented (os error 38)' }, outcome: 'exited', explanation: 'exit code 1.', hint: 'processes cannot be started' },
    { reason: 'a shim without its folder', end: { end: exit(101), stderr: "panicked at lib.rs: /workspace mount timeout" }, outcome: 'panic', explanation: 'panicked', hint: 'its manifest needs `Mounts`' },
    { reason: 'too little memory', end: { end: { kind: 'signal', number: 6 }, stderr: 'memory allocation of 4096 bytes failed' }, outcome: 'signal', explanation: 'SIGABRT', hint: '--memory' },
    { reason: 'too little stack', end: { end: { kind: 'signal', number: 6 }, stderr: "thread 'main' has overflowed its stack" }, outcome: 'signal', explanation: 'SIGABRT', hint: 'a stack of 2 MiB' },
  ])('explains $reason', ({ end, outcome, explanation, hint }) => {
    const found = explainEnd(seen(end));
    expect(found).toMatchObject({ outcome, explanation: expect.stringContaining(explanation) as string });
    expect(found.hint).toEqual(hint === undefined ? undefined : expect.stringContaining(hint));
  });

  it.each([
    { message: 'no luck', explanation: 'The program gave the result `Err`: no luck.' },
    { message: 'No luck.\n', explanation: 'The program gave the result `Err`: No luck.' },
    { message: 'no luck!', explanation: 'The program gave the result `Err`: no luck!' },
    { message: '', explanation: 'The program gave the result `Err` without a message.' },
  ])('makes one sentence of $message', ({ message, explanation }) => {
    expect(explainEnd(seen({ taskResult: { kind: 'error', message } })).explanation).toBe(explanation);
  });

  it.each([
    { loader: 'glibc', code: 127, stderr: 'probe: error while loading shared libraries: libssl.so.3: cannot open shared object file: No such file or directory', explanation: 'The library `libssl.so.3`' },
    { loader: 'musl', code: 127, stderr: 'Error loading shared library libssl.so.3: No such file or directory (needed by /probe)', explanation: 'The library `libssl.so.3`' },
    { loader: 'an old glibc', code: 1, stderr: "/probe: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /probe)", explanation: 'no version `GLIBC_2.38`' },
    { loader: 'glibc for another reason', code: 127, stderr: 'probe: error while loading shared libraries: libx.so: invalid ELF header', explanation: 'libx.so: invalid ELF header' },
  ])('takes the word of $loader for a load failure', ({ code, stderr, explanation }) => {
    expect(explainEnd(seen({ end: exit(code), stderr }))).toMatchObject({ outcome: 'load-failure', exitCode: code, explanation: expect.stringContaining(explanation) as string });
  });
});
