import { jest } from '@jest/globals';
import { ProgramOutput, type RunResult } from 'package-vm';
import { outputSinks, tellRun } from './tell-run.js';

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
    const taken = new ProgramOutput({ ...outputSinks, stdout: () => undefined });
    if (output !== undefined) taken.take(Buffer.from(output));
    await expect(tellRun(result, taken)).resolves.toEqual({ isGood: false });
    expect(write.mock.calls).toEqual(Array.from({ length: lineEnds }, () => ['\n']));
    expect(tell.mock.calls[0]?.[0]).toMatch(/^The program ended with exit code 7\.[^]*Exit code:7$/);
  });
});
