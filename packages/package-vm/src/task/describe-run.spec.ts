import { type DescribedRun, describeRun } from './describe-run.js';

const RUN: DescribedRun = { outcome: 'exited', exitCode: 0, explanation: 'The program ended with exit code 0.', outputFiles: [], wallTimeMs: 1250, notes: [] };

describe('describeRun', () => {
  it('tells of a rehearsal', () => {
    const taskResult = { kind: 'ok', id: '1', data: Buffer.from('proof'), files: ['a', 'b'] } as const;
    expect(describeRun({ ...RUN, taskResult, hint: 'Do this.', peakMemoryBytes: 4 * 1024 * 1024, outputFiles: [{ path: 'a', sizeBytes: 2048, sha256: undefined }], notes: ['Mind that.'] })).toEqual([
      'The program ended with exit code 0. (1.25 s, at most 4.0 MiB of memory)', '  Do this.', 'Result: Ok, 5 bytes of data ("proof"), files: a, b', '  a (2.0 KiB)', 'note: Mind that.',
    ]);
  });

  it('tells of a boot', () => {
    expect(describeRun({ ...RUN, bootTimeMs: 320, peakMemoryBytes: 1024, memoryBytes: 1024 * 1024, accelerator: 'tcg' })).toEqual([
      'The program ended with exit code 0. (1.25 s, booted after 0.32 s, at most 1.0 KiB of 1.0 MiB of memory, tcg)',
    ]);
  });

  it('tells a result once where the sentence tells it', () => {
    const taskResult = { kind: 'error', message: 'no luck' } as const;
    expect(describeRun({ ...RUN, outcome: 'error-result', explanation: 'The program gave the result `Err`: no luck.', taskResult })).toEqual(['The program gave the result `Err`: no luck. (1.25 s)']);
    expect(describeRun({ ...RUN, outcome: 'panic', explanation: 'The program panicked.', taskResult })).toEqual(['The program panicked. (1.25 s)', 'Result: Err, "no luck"']);
  });

  it.each<{ reason: string; run: Partial<DescribedRun> }>([
    { reason: 'explanations', run: { explanation: 'Err: \x1b[2J.', hint: 'See \x1b[31m.' } },
    { reason: 'results', run: { taskResult: { kind: 'ok', id: '1', data: Buffer.from('\x1b[2J'), files: ['\x1b]0;x\x07'] } } },
    { reason: 'errors', run: { taskResult: { kind: 'error', message: '\x9b2J\x1b[2J' } } },
    { reason: 'what is no result', run: { taskResult: { kind: 'invalid', problem: 'has `\x1b[2J`' } } },
    { reason: 'files and notes', run: { outputFiles: [{ path: 'a\n\x1b[2J', sizeBytes: 1, sha256: undefined }], notes: ['no \r\x1b[2J'] } },
  ])('lets no terminal obey $reason', ({ run }) => {
    expect(describeRun({ ...RUN, ...run }).join('')).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
  });

  it('cuts what is long', () => {
    const many = Array.from({ length: 22 }, (_, index) => String(index));
    const lines = describeRun({ ...RUN, explanation: 'x'.repeat(3000), taskResult: { kind: 'ok', id: '1', data: new Uint8Array(), files: many }, outputFiles: many.map((path) => ({ path, sizeBytes: 1, sha256: undefined })), notes: many });
    expect(lines[0]).toMatch(/^x{2000}… \(/);
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/, 19, and 2 more$/), '  … and 2 more', 'note: … 2 more']));
  });
});
