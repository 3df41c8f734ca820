import { type RunResult, commandExitCode, signalName } from './run-result.js';
import { decodeTask } from './task.js';

const base = { explanation: '', outputFiles: [], wallTimeMs: 0, notes: [] };

describe('commandExitCode', () => {
  it.each<{ reason: string; result: Pick<RunResult, 'outcome' | 'exitCode' | 'signal'>; code: number }>([
    { reason: 'success', result: { outcome: 'exited', exitCode: 0 }, code: 0 },
    { reason: "the program's own code", result: { outcome: 'exited', exitCode: 7 }, code: 7 },
    { reason: 'a panic', result: { outcome: 'panic', exitCode: 101 }, code: 101 },
    { reason: 'an Err result, although the program ended with 0', result: { outcome: 'error-result', exitCode: 0 }, code: 123 },
    { reason: 'a time-out', result: { outcome: 'timed-out' }, code: 124 },
    { reason: 'a failure of ours', result: { outcome: 'ours' }, code: 125 },
    { reason: 'a program that cannot be loaded', result: { outcome: 'load-failure' }, code: 127 },
    { reason: 'abort', result: { outcome: 'signal', signal: 'SIGABRT' }, code: 134 },
    { reason: 'kill', result: { outcome: 'signal', signal: 'SIGKILL' }, code: 137 },
    { reason: 'a real-time signal', result: { outcome: 'signal', signal: 'SIGRTMIN+3' }, code: 165 },
  ])('of $reason is $code', ({ result, code }) => {
    expect(commandExitCode({ ...base, ...result })).toBe(code);
  });

  it('knows signals by number', () => {
    expect([1, 6, 9, 11, 31, 34, 64].map(signalName)).toEqual(['SIGHUP', 'SIGABRT', 'SIGKILL', 'SIGSEGV', 'SIGSYS', 'SIGRTMIN+0', 'SIGRTMIN+30']);
  });
});

describe('decodeTask', () => {
  it.each([
    { reason: 'a list', text: '[]', message: 'is not an object' },
    { reason: 'a number as id', text: '{"id":1,"args":[],"files":[]}', message: 'no `id`' },
    { reason: 'args that are no strings', text: '{"id":"1","args":[1],"files":[]}', message: 'no `args`' },
    { reason: 'no files', text: '{"id":"1","args":[]}', message: 'no `files`' },
  ])('refuses $reason', ({ text, message }) => {
    expect(() => decodeTask(Buffer.from(text), 'task.json')).toThrow(message);
  });
});
