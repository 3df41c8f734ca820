import pc from 'picocolors';
import { runCommandLine } from './run-command-line.js';

describe('wrong usage with --json', () => {
  it.each([
    { reason: 'an unknown option', args: ['build', '--frob'], message: "Unknown option '--frob'" },
    { reason: 'a misspelt command', args: ['biuld'], message: "Unknown command 'biuld'" },
    { reason: 'an argument too few', args: ['inspect'], message: "Missing required argument 'image'" },
    { reason: 'a value that is none of the choices', args: ['rehearse', 'p.img', '--isolation', 'no'], message: "Option '--isolation <kind>' argument 'no' is invalid" },
  ])('is data as other errors are: $reason', async ({ args, message }) => {
    let stdout = '';
    const exitCode = await runCommandLine([...args, '--json'], {
      out: (text) => Promise.resolve(void (stdout += Buffer.from(text).toString())),
      note: () => undefined, pass: () => undefined,
      isInteractive: false, colors: pc.createColors(false), cwd: '.', env: {}, signal: new AbortController().signal,
    });
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'PVM_BAD_USAGE', message: expect.stringContaining(message) as unknown, hint: 'Run with --help to see what is possible.' } });
  });
});
