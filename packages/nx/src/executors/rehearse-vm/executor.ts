import type { ExecutorContext } from '@nx/devkit';
import { type LastOutput, tellRun } from '../tell-run.js';
import { type RunTargetOptions, runInputs } from '../run-inputs.js';
import { runOperation } from '../run-operation.js';

/** The options of `@package-vm/nx:rehearse-vm`; see schema.json. */
export interface RehearseVmOptions extends RunTargetOptions {
  readonly isolation?: 'namespaces' | 'weak';
}

/** Runs the program out of its image on this machine's Linux. */
export function rehearseVm(options: RehearseVmOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { rehearse } = await import('package-vm');
    const last: LastOutput = {};
    const result = await rehearse({
      ...(await runInputs(options, context)),
      isolation: options.isolation,
      onOutput: (chunk, stream) => {
        last.chunk = chunk;
        process[stream].write(chunk);
      },
      signal,
    });
    return (await tellRun(result, last)).isGood;
  });
}

export default rehearseVm;
