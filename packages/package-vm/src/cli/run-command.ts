import { PackageVmError, printableLines } from '@package-vm/errors';
import { type Command, Option } from 'commander';
import { resolve } from 'node:path';
import { type BootResult } from '../boot/boot-image.js';
import { isNoise } from '../boot/kernel-messages.js';
import { type CommandContext } from './command-context.js';
import { endAsProgram } from './end-as-program.js';
import { programOutput, tellRun, writeRunJson } from './show-run.js';
import { type TaskFlags, addTaskOptions, parsePort, taskOptions } from './task-options.js';
import { type Terminal } from './terminal.js';

interface RunFlags extends TaskFlags {
  readonly accel: 'auto' | 'kvm' | 'hvf' | 'tcg';
  readonly gdb?: number | true;
  readonly serialLog?: string;
  readonly qemu?: string;
  readonly qemuArg?: readonly string[];
  readonly json?: boolean;
}

const GDB_PORT = 1234;

/** `package-vm run`: boot an image in QEMU as a Gevulot node does. */
export function registerRun(program: Command, context: CommandContext): void {
  const command = program.command('run').description('Boot an image in QEMU with the devices of a Gevulot node, on a task: see docs/running.md.');
  addTaskOptions(command)
    .addOption(new Option('--accel <accelerator>', 'auto takes what works here').choices(['auto', 'kvm', 'hvf', 'tcg']).default('auto'))
    .option('--gdb [port]', `wait for gdb on this port before the first instruction (default: ${GDB_PORT})`, gdbPort)
    .option('--serial-log <file>', 'keep everything on the serial console there (default: beside a given workspace)')
    .option('--qemu <program>', "QEMU's name or path (default: qemu-system-x86_64)")
    .option('--qemu-arg <argument>', 'a further argument for QEMU, as often as needed', (argument: string, before: readonly string[] | undefined) => [...(before ?? []), argument])
    .option('--json', "print the outcome as JSON, the program's output on stderr")
    .action((image: string, flags: RunFlags) => endAsProgram(context, { isJson: flags.json === true, run: () => runImage(image, flags, context.terminal) }));
}

async function runImage(image: string, flags: RunFlags, terminal: Terminal): Promise<BootResult> {
  const gdbPort = flags.gdb === true ? GDB_PORT : flags.gdb;
  const options = await taskOptions(image, flags, terminal);
  const { bootImage } = await import('../boot/boot-image.js');
  const output = programOutput(terminal, flags.json === true);
  const result = await bootImage({
    ...options,
    accelerator: flags.accel,
    gdbPort,
    serialLog: flags.serialLog === undefined ? undefined : resolve(terminal.cwd, flags.serialLog),
    qemu: flags.qemu,
    qemuArgs: flags.qemuArg,
    signal: terminal.signal,
    onOutput: (chunk) => { output.take(chunk); },
    onKernelLine: (line) => {
      if (!isNoise(line)) terminal.note(terminal.colors.dim(`kernel: ${printableLines(line)}`));
    },
    onProgress: ({ step }) => {
      if (step === 'fall-back') terminal.note('Nothing has booted: the VM is started again, emulated.');
      else if (gdbPort !== undefined) terminal.note(`The VM waits for gdb: \`gdb -ex 'target remote 127.0.0.1:${gdbPort}'\`.`);
    },
  });
  output.end();
  if (flags.json === true) await writeRunJson(result, terminal);
  else tellRun(result, terminal);
  return result;
}

/** While the command line is read, where an image behind `--gdb` would only be missing later. @throws PVM_BAD_USAGE */
function gdbPort(text: string): number {
  if (/^\d+$/.test(text)) return parsePort('--gdb', text);
  throw new PackageVmError('PVM_BAD_USAGE', `\`--gdb\` is \`${text}\`, expected a port from 1 to 65535`, { hint: `Name the image before \`--gdb\`, or write \`--gdb=${GDB_PORT}\`.` });
}
