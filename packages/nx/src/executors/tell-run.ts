import type { ProgramOutput, RunResult } from 'package-vm';

/** Tells people what came of a run, as the command line does, behind its output. Nx turns every failure into exit code 1, so the program's own is printed. */
export async function tellRun(result: RunResult, output: ProgramOutput): Promise<{ readonly isGood: boolean }> {
  const { commandExitCode, describeRun } = await import('package-vm');
  const exitCode = commandExitCode(result);
  const { workspace } = result;
  output.end();
  console.error([...describeRun(result), ...(workspace === undefined ? [] : [`Workspace:${workspace}`]), `Exit code:${exitCode}`].join('\n'));
  return { isGood: exitCode === 0 };
}

/** Where a program's output goes under Nx. */
export const outputSinks = {
  stdout: (chunk: Uint8Array | string): void => void process.stdout.write(chunk),
  stderr: (chunk: Uint8Array | string): void => void process.stderr.write(chunk),
};
