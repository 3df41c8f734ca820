import { jest } from '@jest/globals';
import type { RunResult } from 'package-vm';
import { tellRun } from './tell-run.js';

const result: RunResult = {
  outcome: 'exited',
  exitCode: 7,
  explanation: 'The program ended with exit code 7.',
  outputFiles: [],
  wallTimeMs: 1,
  notes: [],
};

describe('tellRun', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    { reason: 'an open line', output: 'half', lineEnds: 1 },
    { reason: 'a whole line', output: 'whole\n', lineEnds: 0 },
    { reason: 'nothing', output: undefined, lineEnds: 0 },
  ])('begins on a line of its own behind $reason', async ({ output, lineEnds }) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const tell = jest.spyOn(console, 'error').mockReturnValue(undefined);
    await expect(tellRun(result, output === undefined ? {} : { chunk: Buffer.from(output) })).resolves.toEqual({ isGood: false });
    expect(write.mock.calls).toEqual(Array.from({ length: lineEnds }, () => ['\n']));
    expect(tell.mock.calls[0]?.[0]).toMatch(/^The program ended with exit code 7\.[^]*Exit code:7$/);
  });
});
