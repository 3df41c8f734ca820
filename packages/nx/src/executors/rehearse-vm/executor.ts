import type { ExecutorContext } from '@nx/devkit';
import { outputSinks, tellRun } from '../tell-run.js';
import { type RunTargetOptions, runInputs } from '../run-inputs.js';
import { runOperation } from '../run-operation.js';

/** The options of `@package-vm/nx:rehearse-vm`; see schema.json. */
export interface RehearseVmOptions extends RunTargetOptions {
  readonly isolation?: 'namespaces' | 'weak';
}

/** Runs the program out of its image on this machine's Linux. */
export function rehearseVm(options: RehearseVmOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { ProgramOutput, rehearse } = await import('package-vm');
    const output = new ProgramOutput(outputSinks);
    const result = await rehearse({
      ...(await runInputs(options, context)),
      isolation: options.isolation,
      onOutput: (chunk, stream) => { output.take(chunk, stream); },
      signal,
    });
    return (await tellRun(result, output)).isGood;
  });
}

export default rehearseVm;
