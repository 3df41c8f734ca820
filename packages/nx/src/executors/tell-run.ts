import type { RunResult } from 'package-vm';

/** Tells people what came of a run, as the command line does. Nx turns every failure into exit code 1, so the program's own is printed. */
export async function tellRun(result: RunResult): Promise<{ readonly isGood: boolean }> {
  const { commandExitCode, describeRun } = await import('package-vm');
  const exitCode = commandExitCode(result);
  const { workspace } = result;
  console.error([...describeRun(result), ...(workspace === undefined ? [] : [`Workspace:${workspace}`]), `Exit code:${exitCode}`].join('\n'));
  return { isGood: exitCode === 0 };
}
