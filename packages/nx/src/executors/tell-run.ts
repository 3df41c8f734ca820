import type { RunResult } from 'package-vm';

/** The end of what a program printed; see {@link tellRun}. */
export interface LastOutput {
  chunk?: Uint8Array;
}

/** Tells people what came of a run, as the command line does, behind a line that the program left open. Nx turns every failure into exit code 1, so the program's own is printed. */
export async function tellRun(result: RunResult, { chunk }: LastOutput): Promise<{ readonly isGood: boolean }> {
  const { commandExitCode, describeRun } = await import('package-vm');
  const exitCode = commandExitCode(result);
  const { workspace } = result;
  if (chunk !== undefined && chunk.at(-1) !== LINE_FEED) process.stderr.write('\n');
  console.error([...describeRun(result), ...(workspace === undefined ? [] : [`Workspace:${workspace}`]), `Exit code:${exitCode}`].join('\n'));
  return { isGood: exitCode === 0 };
}

const LINE_FEED = 0x0a;
