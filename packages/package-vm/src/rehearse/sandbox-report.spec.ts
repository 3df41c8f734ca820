import { type SandboxEnd, readSandboxReport } from './sandbox-report.js';

describe('readSandboxReport', () => {
  it('reads what the init saw, each thing once', () => {
    const text = 'limit 4096 open files\nrefused 57 \nrefused 57 \nwrote 0 /tmp/../x y\nwrote 0 /x y\npeak 2048 \nexit 7 \n';
    expect(readSandboxReport(text)).toEqual({
      end: { kind: 'exit', code: 7 }, peakMemoryBytes: 2048 * 1024, refusedCalls: [57], writtenPaths: ['/x y'], lowerLimits: new Map([['open files', 4096]]),
    });
  });

  it.each<{ reason: string; text: string; end: SandboxEnd | undefined }>([
    { reason: 'a signal', text: 'peak 1 \nsignal 6 \n', end: { kind: 'signal', number: 6 } },
    { reason: 'a step that failed, before the exit code it led to', text: 'failed 1 mount\npeak 1 \nexit 125 \n', end: { kind: 'failed', step: 'mount', errno: 1 } },
    { reason: 'an exec that failed, likewise', text: 'exec-failed 2 /probe\nexit 125 \n', end: { kind: 'exec-failed', errno: 2 } },
    { reason: 'nothing, when the init was killed', text: 'refused 57 \n', end: undefined },
    { reason: 'nothing of a line cut short', text: 'exit', end: undefined },
  ])('tells of $reason', ({ text, end }) => {
    expect(readSandboxReport(text).end).toEqual(end);
  });
});
