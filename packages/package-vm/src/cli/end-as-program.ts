import { isPackageVmError } from '@package-vm/errors';
import { type RunResult, commandExitCode } from '../task/run-result.js';
import { type CommandContext } from './command-context.js';
import { reportError } from './report-error.js';

/** A failure of ours: the codes of the other commands may be the program's. */
const EXIT_OURS = 125;

/** Ends a command with the exit code of the program that it ran; wrong usage ends it as any other command. */
export async function endAsProgram(context: CommandContext, { isJson, run }: { readonly isJson: boolean; readonly run: () => Promise<RunResult> }): Promise<void> {
  try {
    context.exitCode = commandExitCode(await run());
  } catch (error) {
    if (!isPackageVmError(error) || error.code === 'PVM_BAD_USAGE') throw error;
    await reportError(error, context.terminal, isJson);
    context.exitCode = EXIT_OURS;
  }
}
