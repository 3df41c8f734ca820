import type { ExecutorContext } from '@nx/devkit';
import { tellRun } from '../tell-run.js';
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
    const result = await rehearse({
      ...(await runInputs(options, context)),
      isolation: options.isolation,
      onOutput: (chunk, stream) => process[stream].write(chunk),
      signal,
    });
    return (await tellRun(result)).isGood;
  });
}

export default rehearseVm;
