import { type Command, Option } from 'commander';
import { type RunResult } from '../task/run-result.js';
import { type CommandContext } from './command-context.js';
import { endAsProgram } from './end-as-program.js';
import { programOutput, tellRun, writeRunJson } from './show-run.js';
import { type TaskFlags, addTaskOptions, taskOptions } from './task-options.js';
import { type Terminal } from './terminal.js';

interface RehearseFlags extends TaskFlags {
  readonly isolation: 'namespaces' | 'weak';
  readonly json?: boolean;
}

/** `package-vm rehearse`: run an image's program on this machine's Linux. */
export function registerRehearse(program: Command, context: CommandContext): void {
  const command = program
    .command('rehearse')
    .description("Run an image's program under Linux namespaces, with only the image's files. It is not Nanos: see docs/rehearsing.md.");
  addTaskOptions(command)
    .addOption(new Option('--isolation <kind>', 'weak needs no namespaces and hides less').choices(['namespaces', 'weak']).default('namespaces'))
    .option('--json', "print the outcome as JSON, the program's output on stderr")
    .action((image: string, flags: RehearseFlags) => endAsProgram(context, { isJson: flags.json === true, run: () => rehearseImage(image, flags, context.terminal) }));
}

async function rehearseImage(image: string, flags: RehearseFlags, terminal: Terminal): Promise<RunResult> {
  const { rehearse } = await import('../rehearse/rehearse.js');
  const output = programOutput(terminal, flags.json === true);
  const result = await rehearse({
    ...(await taskOptions(image, flags, terminal)),
    isolation: flags.isolation,
    signal: terminal.signal,
    onOutput: (chunk, stream) => { output.take(chunk, stream); },
  });
  output.end();
  if (flags.json === true) await writeRunJson(result, terminal);
  else {
    tellRun(result, terminal);
    terminal.note('This was a rehearsal on Linux, not a run on Nanos.');
  }
  return result;
}
