import type { ExecutorContext } from '@nx/devkit';
import { printableLines } from '@package-vm/errors';
import { resolve } from 'node:path';
import { outputSinks, tellRun } from '../tell-run.js';
import { type RunTargetOptions, runInputs } from '../run-inputs.js';
import { runOperation } from '../run-operation.js';

/** The options of `@package-vm/nx:run-vm`; see schema.json. */
export interface RunVmOptions extends RunTargetOptions {
  readonly accel?: 'auto' | 'kvm' | 'hvf' | 'tcg';
  readonly gdb?: number;
  readonly serialLog?: string;
  readonly qemu?: string;
  readonly qemuArg?: readonly string[];
}

/** Boots the image in QEMU as a Gevulot node does. */
export function runVm(options: RunVmOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { ProgramOutput, bootImage, isNoise } = await import('package-vm');
    const { accel, gdb, serialLog, qemu, qemuArg } = options;
    const inputs = await runInputs(options, context);
    const output = new ProgramOutput(outputSinks);
    const result = await bootImage({
      ...inputs,
      accelerator: accel,
      gdbPort: gdb,
      serialLog: serialLog === undefined ? undefined : resolve(context.root, serialLog),
      // a name is looked for on PATH
      qemu: qemu?.includes('/') === true ? resolve(context.root, qemu) : qemu,
      qemuArgs: qemuArg,
      onOutput: (chunk) => { output.take(chunk); },
      onKernelLine: (line) => {
        if (!isNoise(line)) console.error(`kernel: ${printableLines(line)}`);
      },
      onProgress: ({ step }) => {
        if (step === 'fall-back') console.error('Nothing has booted: the VM is started again, emulated.');
        else if (gdb !== undefined) console.error(`The VM waits for gdb: \`gdb -ex 'target remote 127.0.0.1:${gdb}'\`.`);
      },
      signal,
    });
    return (await tellRun(result, output)).isGood;
  });
}

export default runVm;
